using System.Net;

namespace Kontena.Operator.Core.Ports;

/// <summary>A node of a grid, as far as the firewalls of the others need to know it.</summary>
public sealed record GridMember
{
    /// <summary>At the Master.</summary>
    public required string Name { get; init; }

    /// <summary>The network that its machine is in; empty where nobody of ours knows (somebody else's machine).</summary>
    public string Network { get; init; } = "";

    /// <summary>Its label <c>region</c>: nodes of one region use each other's private addresses, others the public ones (kontena server/app/models/host_node.rb).</summary>
    public string Region { get; init; } = "";

    public IPAddress? Private { get; init; }

    public IPAddress? Public { get; init; }
}
