namespace Kontena.Operator.Controllers.Nodes;

/// <summary>What a machine is told at its first boot. Secret.</summary>
/// <param name="Hash">SHA-256 in lower-case hex.</param>
internal sealed record Bootstrap(string SecretName, byte[] Data, string Hash)
{
    public override string ToString() => $"bootstrap {SecretName}";
}
