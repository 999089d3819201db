using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>A plan while it is made.</summary>
internal sealed class FirewallDraft(FirewallsSeen seen)
{
    private readonly SortedDictionary<string, FirewallRef> records = new(StringComparer.Ordinal);
    private readonly List<FirewallLook> looks = [];

    public List<FirewallAction> Actions { get; } = [];

    public List<FirewallState> States { get; } = [];

    /// <summary>Nothing can be done before the account was listed after that time.</summary>
    public void Await(AccountSeen account, DateTimeOffset after)
    {
        // One that is in trouble, or was never listed, is listed until it answers, and tells then.
        if (account is { Trouble: null, Listing: not null }) looks.Add(new FirewallLook(account.Account, after));
    }

    public void Record(FirewallAccount account, string network, string name, string? id) => records[name] = new FirewallRef
    {
        Provider = account.Provider,
        Scope = account.Scope,
        CredentialsSecret = account.CredentialsSecret,
        Network = network,
        Name = name,
        Id = id,
    };

    public FirewallPlan Finish()
    {
        foreach (var state in States)
            if (state.Firewall is { } firewall) Record(state.Account, state.Network, state.Name, firewall.Id);
        foreach (var old in seen.Records)
            if (!records.ContainsKey(old.Name)) Keep(old);
        var gone = seen.Leaving && States.Count == 0 && records.Count == 0 && seen.Accounts.All(a => a.ProvesAbsence);
        return new FirewallPlan(Actions, States, [.. records.Values], looks, Wait(), gone);
    }

    /// <summary>What is written down is forgotten only when a listing proves that it is not there and will not be: a listing that failed, or none yet, proves nothing.</summary>
    private void Keep(FirewallRef old)
    {
        var account = seen.Accounts.FirstOrDefault(a => a.Account == new FirewallAccount(old.Provider, old.Scope, old.CredentialsSecret));
        var isNeeded = seen.Places.Any(p => p.Account.Provider == old.Provider && p.Account.Scope == old.Scope && p.Network == old.Network);
        if (account is { ProvesAbsence: true } && !isNeeded) return;
        records[old.Name] = old;
        if (isNeeded || account is null) return;
        Await(account, account.Proofs.AbsenceAfter);
        if (seen.Leaving)
            States.Add(new FirewallState { Account = account.Account, Network = old.Network, Name = old.Name, Lacks = new Freeze("ConfirmingFirewall", $"Waiting for a listing that proves that firewall {old.Name} is gone.") });
    }

    private TimeSpan? Wait()
    {
        var times = seen.Refused.Values.Select(r => r.RetryAt).Concat(seen.Tries.Values.Select(t => t.RetryAt)).Where(at => at > seen.Now).ToList();
        return times.Count == 0 ? null : times.Min() - seen.Now;
    }
}
