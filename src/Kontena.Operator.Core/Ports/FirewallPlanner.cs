using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>
/// From what is seen of an owner's firewalls to what is to be done for them now. Pure; every action may be repeated. What was done is looked at
/// before the next thing is: a way in is closed only once a listing shows that everything is open which is to be.
/// <code>
/// firewall                                    plan
/// ──────────────────────────────────────────  ─────────────────────────────────────────────
/// account not listed since our last write     wait: what is seen may be old
/// needed, not in the owner's status           nothing: the status is written first
/// in the status, not there                    make it
/// there, wanted ways in are closed            open them
/// there, all open, others of ours besides     close those
/// owner leaves, there                         delete it; in use: again later
/// owner leaves, not there in a new listing    gone
/// </code>
/// </summary>
public static class FirewallPlanner
{
    public static FirewallPlan Plan(FirewallsSeen seen)
    {
        List<FirewallAction> actions = [];
        List<FirewallState> states = [];
        if (seen.Leaving)
            foreach (var account in Ordered(seen)) Leave(seen, account, actions, states);
        else
            foreach (var place in seen.Places.OrderBy(p => p.Account.Scope, StringComparer.Ordinal).ThenBy(p => p.Network, StringComparer.Ordinal)) states.Add(Keep(seen, place, actions));
        var gone = seen.Leaving && states.Count == 0 && seen.Accounts.All(a => a.IsCurrent);
        return new FirewallPlan(actions, states, Wait(seen), gone);
    }

    private static FirewallState Keep(FirewallsSeen seen, FirewallPlace place, List<FirewallAction> actions)
    {
        var name = seen.NameIn(place.Network);
        var account = seen.Accounts.FirstOrDefault(a => a.Account == place.Account) ?? new AccountSeen { Account = place.Account };
        var firewall = Own(seen, account).FirstOrDefault(f => f.Name == name);
        var diff = firewall is null ? null : PortDiff.Of(firewall.Rules, place.Want);
        var state = new FirewallState { Account = place.Account, Network = place.Network, Name = name, Firewall = firewall, IsOpen = diff is { Open.Count: 0 }, Foreign = diff?.Foreign ?? [] };
        if (diff is { Open.Count: 0, Close.Count: 0 }) return state;
        if (account.Listing is null && account.Trouble is { } trouble) return state with { Lacks = trouble, NeedsHuman = account.NeedsHuman };
        if (account.Listing is null) return state with { Lacks = new Freeze("Observing", "Waiting for the first listing of the provider's firewalls.") };
        if (seen.Refused.GetValueOrDefault(name) is { } refused && refused.RetryAt > seen.Now) return state with { Lacks = Words.Refused(refused, isThere: firewall is not null), NeedsHuman = RetryRule.NeedsHuman(refused.Fault) };
        if (seen.Held is { } held) return state with { Lacks = held };
        if (firewall is null && !seen.Recorded.Contains(name)) return state with { Lacks = new Freeze("MakingFirewall", $"Writing down firewall {name} before it is made.") };
        if (account.IsCurrent)
            actions.Add(firewall is null ? new FirewallAction.Make(place.Account, name, place.Network)
                : diff!.Open.Count > 0 ? new FirewallAction.Open(place.Account, name, firewall.Id, diff.Open)
                : new FirewallAction.Close(place.Account, name, firewall.Id, diff.Close));
        return state with { Lacks = firewall is null ? new Freeze("MakingFirewall", $"Making firewall {name}.") : diff!.Open.Count > 0 ? Words.Opening(firewall, diff.Open) : Words.Closing(firewall, diff.Close) };
    }

    private static void Leave(FirewallsSeen seen, AccountSeen account, List<FirewallAction> actions, List<FirewallState> states)
    {
        // By name, too: whoever copies a firewall may copy its marks.
        foreach (var firewall in Own(seen, account).Where(f => f.Name == seen.NameIn(f.Network)).OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            var refused = seen.Refused.GetValueOrDefault(firewall.Name) is { } last && last.RetryAt > seen.Now ? last : null;
            if (refused is null && seen.Held is null && account.IsCurrent) actions.Add(new FirewallAction.Delete(account.Account, firewall.Name, firewall.Id));
            states.Add(new FirewallState
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
            states.Add(new FirewallState { Account = account.Account, Network = "", Name = "", Lacks = trouble with { Message = $"Whether firewalls are left is not known: {trouble.Message}" }, NeedsHuman = account.NeedsHuman });
    }

    private static IEnumerable<AccountSeen> Ordered(FirewallsSeen seen) =>
        seen.Accounts.OrderBy(a => a.Account.Scope, StringComparer.Ordinal).ThenBy(a => a.Account.CredentialsSecret, StringComparer.Ordinal);

    /// <summary>By all marks: a name alone could be chosen by anybody.</summary>
    private static IEnumerable<Firewall> Own(FirewallsSeen seen, AccountSeen account) => (account.Listing?.Firewalls ?? []).Where(f => f.Marks == seen.Marks);

    private static TimeSpan? Wait(FirewallsSeen seen)
    {
        TimeSpan? soonest = null;
        foreach (var refused in seen.Refused.Values)
            if (refused.RetryAt > seen.Now && !(soonest <= refused.RetryAt - seen.Now))
                soonest = refused.RetryAt - seen.Now;
        return soonest;
    }
}
