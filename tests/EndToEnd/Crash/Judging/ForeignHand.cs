using Kontena.Simulator.Ec2;

namespace Kontena.EndToEnd.Crash.Judging;

/// <summary>What somebody else did to groups and machines of ours, by hand.</summary>
/// <param name="Rules">In groups of ours.</param>
/// <param name="Attached">Groups of his own, at machines of ours.</param>
internal sealed record ForeignHand(IReadOnlyList<(string GroupId, SecurityRule Rule)> Rules, IReadOnlyList<(string MachineId, string GroupId)> Attached)
{
    public static ForeignHand None { get; } = new([], []);
}
