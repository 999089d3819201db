using Kontena.Operator.Grids;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>What the Nodes controller needs for nodes that belong to a grid.</summary>
/// <param name="RandomBytes">For tokens and ids that nobody may guess.</param>
internal sealed record EntryContext(GridHub Grids, GridSlots Slots, MasterTraces Traces, Registrations Registrations, ContainerCounts Containers, Func<int, byte[]> RandomBytes);
