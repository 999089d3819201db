using Kontena.Kubernetes.Resources;

namespace Kontena.Operator.Grids;

/// <summary>What a poll or a change of a Grid brought, for those who wait for it.</summary>
/// <param name="KontenaNames">Nodes whose entry at the Master looks different.</param>
/// <param name="All">Trouble, hold, slot or the grid itself changed: it concerns every node and pool of the Grid.</param>
internal sealed record GridNews(ObjectKey Grid, IReadOnlyCollection<string> KontenaNames, bool All);
