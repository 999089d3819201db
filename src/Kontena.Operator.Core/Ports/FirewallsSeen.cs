using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>Everything that the plan for one owner's firewalls is made from.</summary>
public sealed record FirewallsSeen
{
    public required FirewallMarks Marks { get; init; }

    /// <summary>The owner's name in the cluster, part of the firewalls' names.</summary>
    public required string OwnerName { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The owner goes, and no node is left that needs its firewalls.</summary>
    public bool Leaving { get; init; }

    /// <summary>Why nothing may be written now (installation frozen, pool paused, firewall not managed); null where it may.</summary>
    public Freeze? Held { get; init; }

    /// <summary>Where firewalls are needed, and where there are some already. Empty while <see cref="Leaving"/>.</summary>
    public IReadOnlyList<FirewallPlace> Places { get; init; } = [];

    /// <summary>What stands in the owner's status: whoever comes after a crash looks for it.</summary>
    public IReadOnlyList<FirewallRef> Records { get; init; } = [];

    /// <summary>Every account of a place, or of a record.</summary>
    public IReadOnlyList<AccountSeen> Accounts { get; init; } = [];

    /// <summary>The last write that failed, by the firewall's name.</summary>
    public IReadOnlyDictionary<string, Refusal> Refused { get; init; } = new Dictionary<string, Refusal>();

    /// <summary>The writes that succeeded and did not make a firewall what it should be, by its name.</summary>
    public IReadOnlyDictionary<string, FirewallTries> Tries { get; init; } = new Dictionary<string, FirewallTries>();

    /// <summary>
    /// The owner's firewalls in an account, by all marks and by name: a name alone could be chosen by anybody, and whoever copies a firewall copies its
    /// marks.
    /// </summary>
    public IEnumerable<Firewall> Own(AccountSeen account) => (account.Listing?.Firewalls ?? []).Where(f => f.Marks == Marks && f.Name == NameIn(f.Network));

    /// <summary>Why a write to a firewall may not be tried again yet; null where it may: new credentials are worth a try at once.</summary>
    public Refusal? StillRefused(AccountSeen account, string name) =>
        Refused.GetValueOrDefault(name) is { } refused && refused.RetryAt > Now && refused.Credentials == account.Credentials ? refused : null;

    public string NameIn(string network) => FirewallName.Of(Marks, OwnerName, network);
}
