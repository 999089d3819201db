namespace Kontena.Operator.Core.Ports;

/// <summary>One way in: one protocol, one range of ports, one source. Whatever no rule lets in stays out.</summary>
/// <param name="Ports"><see cref="PortRange.All"/> for protocols without ports.</param>
public sealed record PortRule(IpProtocol Protocol, PortRange Ports, RuleSource Source)
{
    public override string ToString() => Protocol.HasPorts ? $"{Protocol} {Ports} from {Source}" : $"{Protocol} from {Source}";
}
