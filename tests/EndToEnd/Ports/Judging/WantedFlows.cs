using System.Globalization;
using Kontena.Operator.Core.Api;

namespace Kontena.EndToEnd.Ports.Judging;

/// <summary>What specs ask for, read for the judge and not by the product's own code.</summary>
internal static class WantedFlows
{
    public static IReadOnlyList<FlowRule> Of(NetworkSpec? network) =>
    [
        .. (network?.Ports ?? []).SelectMany(p => p.Sources.Select(source => Port(p.Protocol is PortProtocol.UDP ? 17 : 6, p.Port, source))),
        .. (network?.Ssh?.Sources ?? []).Select(source => Port(6, "22", source)),
        .. (network?.Vpn?.Sources ?? []).Select(source => Port(17, "1194", source)),
    ];

    /// <param name="pools">Those of the grid.</param>
    public static IReadOnlyList<FlowRule> OfMembers(IEnumerable<NodePool> pools)
    {
        List<FlowRule> wanted = [new(6, 6783, 6784, FlowRule.Self), new(17, 6783, 6784, FlowRule.Self)];
        if (pools.Any(p => p.Spec.Network?.Ipsec?.Mode is not IpsecMode.Disabled)) wanted.Add(FlowRule.Esp(FlowRule.Self));
        return wanted;
    }

    private static FlowRule Port(int protocol, string ports, string source)
    {
        var bounds = ports.Split('-').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToList();
        return new FlowRule(protocol, bounds[0], bounds[^1], source);
    }
}
