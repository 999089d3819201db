namespace Kontena.Operator.Core.Api;

public sealed partial record NetworkSpec : IHasRules
{
    // A rule has one field to blame, and no item of a list: each contradiction is said twice, once at each of the two fields. Rules of one object are
    // keyed by their text, so the second begins in another order.
    private const string PortsFitSsh = "!has(self.ports) || !has(self.ssh) || " + Ssh22;

    private const string SshFitsPorts = "!has(self.ssh) || !has(self.ports) || " + Ssh22;

    private const string PortsFitVpn = "!has(self.ports) || !has(self.vpn) || " + Vpn1194;

    private const string VpnFitsPorts = "!has(self.vpn) || !has(self.ports) || " + Vpn1194;

    private const string Ssh22 = $"self.ports.all(p, (has(p.protocol) && p.protocol != 'TCP') || !p.port.matches('{Patterns.PortOrRange}') || {First} > 22 || {Last} < 22 || p.sources.all(s, s in self.ssh.sources))";

    private const string Vpn1194 = $"self.ports.all(p, !has(p.protocol) || p.protocol != 'UDP' || !p.port.matches('{Patterns.PortOrRange}') || {First} > 1194 || {Last} < 1194 || p.sources.all(s, s in self.vpn.sources))";

    private const string NoTwins = "!has(self.ports) || self.ports.all(p, self.ports.all(q, p.name == q.name || p.port != q.port"
        + " || (has(p.protocol) ? p.protocol : 'TCP') != (has(q.protocol) ? q.protocol : 'TCP') || !p.sources.exists(s, s in q.sources)))";

    private const string First = "int(p.port.split('-')[0])";

    private const string Last = "int(p.port.substring(p.port.lastIndexOf('-') + 1))";

    private const string SshElsewhere = "an entry that covers TCP 22 has sources that .network.ssh.sources lacks: leave 22 out of the entry, or name the same sources in both";

    private const string PortForSsh = "an entry of .network.ports covers TCP 22 and has sources that are not named here: leave 22 out of the entry, or name the same sources in both";

    private const string VpnElsewhere = "an entry that covers UDP 1194 has sources that .network.vpn.sources lacks: leave 1194 out of the entry, or name the same sources in both";

    private const string PortForVpn = "an entry of .network.ports covers UDP 1194 and has sources that are not named here: leave 1194 out of the entry, or name the same sources in both";

    private const string PortTwice = "two entries open the same protocol and port to the same source: keep one of them";

    public IEnumerable<FieldError> BrokenRules(object? old)
    {
        var ports = Ports ?? [];
        if (Contradicts(ports, PortProtocol.TCP, 22, Ssh))
        {
            yield return Broken(".ports", SshElsewhere);
            yield return Broken(".ssh.sources", PortForSsh);
        }
        if (Contradicts(ports, PortProtocol.UDP, 1194, Vpn))
        {
            yield return Broken(".ports", VpnElsewhere);
            yield return Broken(".vpn.sources", PortForVpn);
        }
        if (HasTwins(ports)) yield return Broken(".ports", PortTwice);
    }

    private static bool Contradicts(IReadOnlyList<PortSpec> ports, PortProtocol protocol, int port, SourcesSpec? service) =>
        service is not null && ports.Any(p => p.Covers(protocol, port) && !p.Sources.All(service.Sources.Contains));

    private static bool HasTwins(IReadOnlyList<PortSpec> ports) => ports
        .GroupBy(p => (p.Protocol ?? PortProtocol.TCP, p.Port))
        .Any(same => same.Any(p => same.Any(q => p.Name != q.Name && p.Sources.Any(q.Sources.Contains))));

    private static FieldError Broken(string path, string message) => new(path, FieldErrorKind.Invalid, message, FieldErrorSource.Rule);
}
