using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Inventories;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Grids;

/// <summary>What the polls of all Grids share.</summary>
internal sealed record GridHubContext(Informer<Grid> Grids, GridConnections Connections, Pace Pace, TimeProvider Time, ILogger Log);
