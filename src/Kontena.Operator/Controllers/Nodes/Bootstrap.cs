using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>What a machine is told at its first boot. Secret.</summary>
/// <param name="Hash">SHA-256 in lower-case hex, of the data and the token.</param>
/// <param name="NodeToken">What its agent proves itself with; null without a grid.</param>
/// <param name="NodeId">The id that was chosen for it; null where its Docker Engine has its own.</param>
internal sealed record Bootstrap(string SecretName, byte[] Data, string Hash, SecretText? NodeToken, string? NodeId)
{
    public override string ToString() => $"bootstrap {SecretName}";
}
