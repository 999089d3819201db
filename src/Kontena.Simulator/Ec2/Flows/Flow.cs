using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Ec2.Flows;

/// <summary>A watched flow as it was at one moment, with all that happened to it until then.</summary>
/// <param name="From">The source's instance id or address.</param>
/// <param name="To">The target's instance id.</param>
/// <param name="History">Every change, oldest first; a state that a flow was in for no time between two calls is there too.</param>
public sealed record Flow(string From, string To, Packet Packet, IReadOnlyList<FlowChange> History)
{
    public FlowState State => History[^1].To;

    public bool EverOpen => History.Any(change => change.To == FlowState.Open);

    /// <summary>When it was refused although both ends ran and it had been open before.</summary>
    public IReadOnlyList<FlowChange> RefusedOnceOpen =>
        [.. History.SkipWhile(change => change.To != FlowState.Open).Where(change => change.To == FlowState.Refused)];

    /// <summary>When it was refused while both ends ran, before it was ever open too.</summary>
    public IReadOnlyList<FlowChange> Refused => [.. History.Where(change => change.To == FlowState.Refused)];
}

/// <summary>A flow came into a state at that time.</summary>
public sealed record FlowChange(FlowState To, DateTimeOffset At);
