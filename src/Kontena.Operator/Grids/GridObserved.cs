using System.Collections.Immutable;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Grids;

/// <summary>What is known of one Grid's Master since the operator started. Immutable: a reader has one consistent picture.</summary>
/// <param name="Uid">Of the Grid: one of the same name that comes later is another.</param>
internal sealed record GridObserved(string Uid)
{
    /// <summary>The client that <see cref="Grid"/> and <see cref="MasterVersion"/> were read with.</summary>
    public IKontenaMaster? KnownBy { get; init; }

    public string? MasterVersion { get; init; }

    public TimeSpan? ClockAhead { get; init; }

    public MasterGrid? Grid { get; init; }

    /// <summary>The Master has another grid of that name than the one that was first seen.</summary>
    public bool IsOther { get; init; }

    public MasterListing? Last { get; init; }

    public MasterTrouble? Trouble { get; init; }

    public bool SecretsHeld { get; init; }

    public ImmutableDictionary<string, NodeHealth> Health { get; init; } = ImmutableDictionary.Create<string, NodeHealth>(StringComparer.Ordinal);

    /// <summary>Initial members in the order of their numbers.</summary>
    public IEnumerable<MasterNode> Members => (Last?.Nodes ?? []).Where(n => n.InitialMember).OrderBy(n => n.Number);

    public GridObserved After(MasterListing listing) => this with
    {
        Last = listing,
        Trouble = null,
        // What was said of a node before it dropped out, or came back, must be asked anew.
        Health = Health.RemoveRange(Health.Keys.Where(name => listing.ByName(name) is not { } node || (Last?.ByName(name) is { } old && old.Connected != node.Connected)).ToList()),
    };

    /// <summary>The same kind of trouble keeps its first words and time: every poll may fail at another call, and that is no news.</summary>
    public GridObserved After(MasterException fault, DateTimeOffset now) =>
        Trouble is { } old && old.Reason == fault.Reason ? this : this with { Trouble = new MasterTrouble(fault.Fault, fault.Reason, fault.Message, now, fault.NeedsHuman) };

    /// <summary>Names of nodes that look different from before.</summary>
    public IEnumerable<string> ChangedSince(GridObserved before)
    {
        foreach (var node in Last?.Nodes ?? [])
            if (before.Last?.ByName(node.Name) is not { } old || !Same(node, old) || !Equals(Health.GetValueOrDefault(node.Name), before.Health.GetValueOrDefault(node.Name)))
                yield return node.Name;
        foreach (var old in before.Last?.Nodes ?? [])
            if (Last?.ByName(old.Name) is null)
                yield return old.Name;
    }

    private static bool Same(MasterNode one, MasterNode other) =>
        one with { Labels = [] } == other with { Labels = [] } && one.Labels.SequenceEqual(other.Labels, StringComparer.Ordinal);
}
