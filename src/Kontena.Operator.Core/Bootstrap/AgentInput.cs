using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>What the agent must know to join its grid (facts: kontena agent/bin/kontena-agent).</summary>
public sealed record AgentInput
{
    /// <summary>As machines reach it, e.g. https://master.example.com.</summary>
    public required string MasterUrl { get; init; }

    /// <summary>Certificate authority (PEM) that the agent must check the Master by; null where public authorities do, or the URL is http.</summary>
    public string? MasterCa { get; init; }

    /// <summary>Version of the Master, e.g. 1.5.4: the agent's, unless the template names one.</summary>
    public required string MasterVersion { get; init; }

    /// <summary>The overlay's password: without it the agent's network does not peer with the others', even where a node token is given.</summary>
    public required SecretText GridToken { get; init; }

    public required SecretText NodeToken { get; init; }

    /// <summary>Name at the Master.</summary>
    public required string NodeName { get; init; }

    /// <summary>Null: the Docker Engine's own id.</summary>
    public string? NodeId { get; init; }

    /// <summary>E.g. <c>region=eu-west-1</c>; none holds a space or a comma.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The grid's overlay addresses, e.g. 10.81.0.0/16.</summary>
    public required string GridSubnet { get; init; }

    /// <summary>Addresses of all grids' services, e.g. 10.80.0.0/12.</summary>
    public string? GridSupernet { get; init; }

    public IpsecMode Ipsec { get; init; } = IpsecMode.Preferred;
}
