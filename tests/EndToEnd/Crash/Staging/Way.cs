using Kontena.Operator.Core.Api;
using Kontena.Simulator.Networks;

namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>A way in that a pool of a script asks for.</summary>
/// <param name="From">An address in the world; the rule is for it alone.</param>
internal sealed record Way(string Name, PortProtocol Protocol, int Port, string From)
{
    /// <summary>As EC2 shows its rule.</summary>
    public string Rule => $"{Protocol.ToString().ToLowerInvariant()} {Port}-{Port} {From}/32";

    public Packet Packet => new(Protocol is PortProtocol.TCP ? 6 : 17, Port);

    public PortSpec Spec => new() { Name = Name, Protocol = Protocol, Port = $"{Port}", Sources = [$"{From}/32"] };
}
