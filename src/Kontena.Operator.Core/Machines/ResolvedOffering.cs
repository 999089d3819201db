namespace Kontena.Operator.Core.Machines;

/// <summary>What an attempt needs to know besides the settings: looked up once, then written down with the attempt.</summary>
/// <param name="Image">Image id.</param>
/// <param name="Details">What else the driver must not look up again, in its own words (e.g. the subnet).</param>
/// <param name="Region">The value of the node label <c>region</c>: nodes of one region reach each other by their private addresses (kontena server/app/models/host_node.rb).</param>
/// <param name="Zone">The value of the node label <c>az</c>; empty where it is not known before the machine exists.</param>
/// <param name="Network">The network that the machine will be in, as <see cref="Ports.Firewall.Network"/> names it; empty where the provider has none.</param>
public sealed record ResolvedOffering(string Image, IReadOnlyDictionary<string, string> Details, string Region = "", string Zone = "", string Network = "");
