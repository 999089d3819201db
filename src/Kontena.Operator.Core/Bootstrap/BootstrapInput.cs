using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>All that a machine's first boot is told. Equal inputs render to equal bytes.</summary>
public sealed record BootstrapInput
{
    public required string Hostname { get; init; }

    public required TemplateSpec Template { get; init; }

    /// <summary>The user's own user-data, of either source; null for none. May hold secrets.</summary>
    public byte[]? UserData { get; init; }

    /// <summary>Null for a plain Docker host.</summary>
    public AgentInput? Agent { get; init; }
}
