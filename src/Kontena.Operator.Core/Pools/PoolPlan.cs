using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Pools;

/// <summary>What to do for a pool now, and why it stands still where it does.</summary>
/// <param name="Held">Null where nothing is held back.</param>
/// <param name="NeedsHuman">True where waiting will not lift the hold.</param>
public sealed record PoolPlan(IReadOnlyList<PoolAction> Actions, Freeze? Held = null, bool NeedsHuman = false);
