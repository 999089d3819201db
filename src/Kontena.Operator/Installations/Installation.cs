using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Installations;

/// <summary>Which installation this is. Its id marks every machine; another installation's machines are foreign.</summary>
/// <param name="Id">Random, made once, kept in the ConfigMap <c>kontena-installation</c>; never in Git.</param>
/// <param name="Frozen">Set where the cluster is not the one that the id was made for: nothing is created or deleted then.</param>
internal sealed record Installation(string Id, Freeze? Frozen);
