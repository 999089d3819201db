using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>
/// How the pool's machines talk to others. The overlay network's own ports (6783-6784 among members of the grid) and ESP are never written
/// here: they are the operator's duty.
/// </summary>
[Cel(PortsFitSsh, SshElsewhere, FieldPath = ".ports")]
[Cel(SshFitsPorts, PortForSsh, FieldPath = ".ssh.sources")]
[Cel(PortsFitVpn, VpnElsewhere, FieldPath = ".ports")]
[Cel(VpnFitsPorts, PortForVpn, FieldPath = ".vpn.sources")]
[Cel(NoTwins, PortTwice, FieldPath = ".ports")]
public sealed partial record NetworkSpec
{
    [ListMap("name"), MaxLength(40), Description("Ports to open on every machine of the pool.")]
    public IReadOnlyList<PortSpec>? Ports { get; init; }

    [Description("Who may reach port 22 (TCP). Left out: nobody.")]
    public SourcesSpec? Ssh { get; init; }

    [Description("Who may reach Kontena's VPN service, port 1194 (UDP). Left out: nobody.")]
    public SourcesSpec? Vpn { get; init; }

    [Description("Encryption of the overlay network between nodes.")]
    public IpsecSpec? Ipsec { get; init; }

    [Description("Who sees to the provider's firewall.")]
    public FirewallSpec? Firewall { get; init; }
}

/// <summary>One port, or a range of them, that is open to some sources.</summary>
[Cel(IsPort, NoPort, FieldPath = ".port")]
[Cel(NotOfTheOverlay, OverlayPort, FieldPath = ".port", Kind = FieldErrorKind.Forbidden)]
public sealed partial record PortSpec
{
    [Required, MinLength(1), MaxLength(40), RegularExpression("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"), Description("Name, unique in the pool, e.g. http.")]
    public required string Name { get; init; }

    // No default in the schema: kubectl apply would find the filled-in field in a list that the manifest has without it, and write it again each time.
    [Description("TCP or UDP. Left out: TCP.")]
    public PortProtocol? Protocol { get; init; }

    [Required, MaxLength(11), RegularExpression(Patterns.PortOrRange), Description("A port (\"80\") or a range of them (\"8000-8100\"), 1 to 65535.")]
    public required string Port { get; init; }

    [Required, MinLength(1), MaxLength(32), ItemMaxLength(43), ItemPattern(Patterns.Cidr), ListSet]
    [Cel(SourceRules.Ipv6, SourceRules.NoIpv6)]
    [Description("Networks that may reach it, IPv4 or IPv6, e.g. 0.0.0.0/0.")]
    public required IReadOnlyList<string> Sources { get; init; }
}

/// <summary>Transport protocols that ports can be opened for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PortProtocol>))]
public enum PortProtocol
{
    TCP,
    UDP,
}

/// <summary>Who may reach a service that has its own port.</summary>
public sealed partial record SourcesSpec
{
    [Required, MinLength(1), MaxLength(32), ItemMaxLength(43), ItemPattern(Patterns.Cidr), ListSet]
    [Cel(SourceRules.Ipv6, SourceRules.NoIpv6)]
    [Description("Networks that may reach it, IPv4 or IPv6.")]
    public required IReadOnlyList<string> Sources { get; init; }
}

/// <summary>Whether the operator changes the provider's firewall, or only looks at it.</summary>
public sealed record FirewallSpec
{
    [DefaultValue(true), Description("True: the operator makes firewalls of its own (at EC2: security groups), attaches them to the machines and keeps their rules. False: it changes nothing and reports which of the needed rules the machines lack.")]
    public bool Managed { get; init; } = true;
}

/// <summary>Whether the overlay's traffic is encrypted in the kernel (IPSec ESP).</summary>
public sealed record IpsecSpec
{
    [JsonDefault("\"Preferred\""), Description("Required: the agent does not start on a machine whose kernel lacks ESP, and a node is not ready while ESP cannot pass between members of its grid. Preferred: it starts all the same, and the overlay falls back to a slower encryption of its own. Disabled: nothing is prepared for ESP.")]
    public IpsecMode Mode { get; init; } = IpsecMode.Preferred;
}

/// <summary>How much is asked of the overlay's encryption.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IpsecMode>))]
public enum IpsecMode
{
    Required,
    Preferred,
    Disabled,
}
