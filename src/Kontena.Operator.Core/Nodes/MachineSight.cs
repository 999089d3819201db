using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>What the shared inventory last showed of one node.</summary>
/// <param name="ListedAt">When that complete listing was begun; null where there has been none.</param>
/// <param name="Machines">Machines that carry this installation's and this node's marks, oldest first.</param>
public sealed record MachineSight(DateTimeOffset? ListedAt, IReadOnlyList<Machine> Machines)
{
    public static MachineSight Nothing { get; } = new(null, []);

    public Machine? ById(string? providerId) => Machines.FirstOrDefault(m => m.ProviderId == providerId);
}
