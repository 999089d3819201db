using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Grids;

/// <summary>A grid whose Master has answered with this very client, and which is the one that the Grid has always stood for.</summary>
/// <param name="MasterVersion">E.g. 1.5.4.</param>
/// <param name="AgentUrl">As machines reach the Master, without a slash at the end.</param>
/// <param name="Ca">Certificates (PEM) by which agents must check it; null where public authorities do, or where they come over http.</param>
internal sealed record GridConnection(IKontenaMaster Master, MasterGrid Grid, string MasterVersion, string AgentUrl, string? Ca);
