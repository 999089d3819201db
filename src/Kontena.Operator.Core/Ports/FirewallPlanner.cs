using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>
/// From what is seen of an owner's firewalls to what is to be done for them now. Pure; every action may be repeated. What was done is looked at
/// before the next thing is: a way in is closed only once a listing shows that everything is open which is to be.
/// <code>
/// firewall                                       plan
/// ─────────────────────────────────────────────  ─────────────────────────────────────────────
/// account not listed since our last write        wait: what is seen may be old
/// refused, or written in vain again and again    later again
/// needed, not there, not written down as absent  nothing: the status is written first
/// written down, not there                        make it
/// there, wanted ways in are closed               open them
/// there, all open, others of ours besides        close those, once no close of ours is on its way
/// owner leaves, there                            delete it; in use: again later
/// owner leaves, not there in a new listing       gone
/// </code>
/// </summary>
public static class FirewallPlanner
{
    public static FirewallPlan Plan(FirewallsSeen seen)
    {
        var draft = new FirewallDraft(seen);
        if (seen.Leaving)
            foreach (var account in Ordered(seen)) Leave(seen, account, draft);
        else
            foreach (var place in seen.Places.OrderBy(p => p.Account.Scope, StringComparer.Ordinal).ThenBy(p => p.Network, StringComparer.Ordinal)) draft.States.Add(Keep(seen, place, draft));
        return draft.Finish();
    }

    private static FirewallState Keep(FirewallsSeen seen, FirewallPlace place, FirewallDraft draft)
    {
        var name = seen.NameIn(place.Network);
        var account = seen.Accounts.FirstOrDefault(a => a.Account == place.Account) ?? new AccountSeen { Account = place.Account };
        var firewall = seen.Own(account).FirstOrDefault(f => f.Name == name);
        var diff = firewall is null ? null : PortDiff.Of(firewall.Rules, place.Want);
        var state = new FirewallState { Account = place.Account, Network = place.Network, Name = name, Firewall = firewall, IsOpen = diff is { Open.Count: 0 }, Foreign = diff?.Foreign ?? [] };
        if (diff is { IsEmpty: true }) return state;
        if (account.Listing is null) return Unlisted(state, account);
        if (seen.StillRefused(account, name) is { } refused) return state with { Lacks = Words.Refused(refused, isThere: firewall is not null), NeedsHuman = RetryRule.NeedsHuman(refused.Fault) };
        if (seen.Held is { } held) return state with { Lacks = held };
        if (!account.IsCurrent) draft.Await(account, account.Proofs.WritesAfter);
        else if (firewall is null) Make(seen, account, place, name, draft);
        else if (!(seen.Tries.GetValueOrDefault(name)?.RetryAt > seen.Now)) Change(account, firewall, diff!, draft);
        return state with { Lacks = firewall is null ? new Freeze("MakingFirewall", $"Making firewall {name}.") : diff!.Open.Count > 0 ? Words.Opening(firewall, diff.Open) : Words.Closing(firewall, diff.Close) };
    }

    private static FirewallState Unlisted(FirewallState state, AccountSeen account) => account.Trouble is { } trouble
        ? state with { Lacks = trouble, NeedsHuman = account.NeedsHuman }
        : state with { Lacks = new Freeze("Observing", "Waiting for the first listing of the provider's firewalls.") };

    /// <summary>Written down as absent first: an id that was written down long ago would tell whoever comes after a crash that no call is on its way.</summary>
    private static void Make(FirewallsSeen seen, AccountSeen account, FirewallPlace place, string name, FirewallDraft draft)
    {
        draft.Record(place.Account, place.Network, name, id: null);
        if (account.CredentialsHeld && seen.Records.Any(r => r.Name == name && r.Id is null && r.CredentialsSecret == place.Account.CredentialsSecret))
            draft.Actions.Add(new FirewallAction.Make(place.Account, name, place.Network));
    }

    private static void Change(AccountSeen account, Firewall firewall, PortDiff diff, FirewallDraft draft)
    {
        if (diff.Open.Count > 0) draft.Actions.Add(new FirewallAction.Open(account.Account, firewall.Name, firewall.Id, diff.Open));
        else if (account.ProvesOpen) draft.Actions.Add(new FirewallAction.Close(account.Account, firewall.Name, firewall.Id, diff.Close));
        else draft.Await(account, account.Proofs.OpenAfter);
    }

    private static void Leave(FirewallsSeen seen, AccountSeen account, FirewallDraft draft)
    {
        foreach (var firewall in seen.Own(account).Where(f => draft.States.TrueForAll(s => s.Firewall?.Id != f.Id)).OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            var refused = seen.StillRefused(account, firewall.Name);
            if (!account.IsCurrent) draft.Await(account, account.Proofs.WritesAfter);
            else if (refused is null && seen.Held is null) draft.Actions.Add(new FirewallAction.Delete(account.Account, firewall.Name, firewall.Id));
            draft.States.Add(new FirewallState
            {
                Account = account.Account,
                Network = firewall.Network,
                Name = firewall.Name,
                Firewall = firewall,
                Lacks = refused is not null ? Words.StillThere(firewall, refused) : seen.Held ?? new Freeze("RemovingFirewall", $"Removing firewall {firewall.Id} ({firewall.Name})."),
                NeedsHuman = refused is not null && RetryRule.NeedsHuman(refused.Fault),
            });
        }
        if (account is { Listing: null, Trouble: { } trouble })
            draft.States.Add(new FirewallState { Account = account.Account, Network = "", Name = "", Lacks = trouble with { Message = $"Whether firewalls are left is not known: {trouble.Message}" }, NeedsHuman = account.NeedsHuman });
    }

    private static IEnumerable<AccountSeen> Ordered(FirewallsSeen seen) =>
        seen.Accounts.OrderBy(a => a.Account.Scope, StringComparer.Ordinal).ThenBy(a => a.Account.CredentialsSecret, StringComparer.Ordinal);
}
