using System.Text;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Bootstrap;
using Kontena.Operator.Core.Grids;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>One machine and what it is told: the golden file of this name.</summary>
public sealed record BootstrapCase(string Name, BootstrapInput Input)
{
    /// <summary>A certificate that certifies nothing.</summary>
    private const string Authority = "-----BEGIN CERTIFICATE-----\nMIIBnotARealCertificateButAsLongAsALineOfOneUsuallyIsInSuchFiles0\n-----END CERTIFICATE-----\n";

    public static IReadOnlyList<BootstrapCase> All { get; } = [.. Plain(), .. Matrix(), .. Special()];

    public override string ToString() => Name;

    /// <summary>As small as can be: what every node has.</summary>
    public static AgentInput Agent(IdentityMode identity = IdentityMode.Pinned, IpsecMode ipsec = IpsecMode.Preferred) => new()
    {
        MasterUrl = "https://master.example.com",
        MasterVersion = "1.5.4",
        GridToken = new SecretText(Canary.Of("grid-token+/=")),
        NodeToken = new SecretText(Canary.Of("node-token")),
        NodeName = "web-0-5f3a",
        NodeId = identity is IdentityMode.Pinned ? "AAAA:BBBB:CCCC:DDDD:EEEE:FFFF:GGGG:HHHH:IIII:JJJJ:KKKK:2222" : null,
        Labels = ["region=eu-west-1", "az=a", "provider=aws", "role=web"],
        GridSubnet = "10.81.0.0/16",
        GridSupernet = "10.80.0.0/12",
        Ipsec = ipsec,
    };

    public static BootstrapInput Node(OperatingSystem os, AgentInput agent) =>
        new() { Hostname = "web-0", Template = new TemplateSpec { OperatingSystem = os }, Agent = agent };

    private static IEnumerable<BootstrapCase> Plain() =>
    [
        new("plain-ubuntu", new() { Hostname = "web-0", Template = new() }),
        new("plain-debian-docker", new() { Hostname = "web-0", Template = new() { OperatingSystem = OperatingSystem.Debian, Docker = Docker } }),
        new("plain-flatcar", new() { Hostname = "web-0", Template = new() { OperatingSystem = OperatingSystem.Flatcar } }),
        new("plain-user-data", new() { Hostname = "web-0", Template = new() { UserData = Inline }, UserData = Script }),
    ];

    private static IEnumerable<BootstrapCase> Matrix() =>
        from os in Enum.GetValues<OperatingSystem>()
        from identity in Enum.GetValues<IdentityMode>()
        from ipsec in Enum.GetValues<IpsecMode>()
        select new BootstrapCase($"{os}-{identity}-{ipsec}".ToLowerInvariant(), Node(os, Agent(identity, ipsec)));

    private static IEnumerable<BootstrapCase> Special()
    {
        foreach (var os in Enum.GetValues<OperatingSystem>())
        {
            var node = Node(os, Agent() with { MasterCa = Authority, MasterUrl = "https://10.0.0.10:8443" });
            yield return new($"{os}-everything".ToLowerInvariant(), node with { Template = node.Template with { Docker = Docker, Agent = Everything } });
        }
        yield return new("ubuntu-http", Node(OperatingSystem.Ubuntu, Agent() with { MasterUrl = "http://10.0.0.10", Labels = [] }));
        yield return new("ubuntu-script", Node(OperatingSystem.Ubuntu, Agent()) with { UserData = Script });
        yield return new("ubuntu-cloud-config", Node(OperatingSystem.Ubuntu, Agent()) with { UserData = Text("#cloud-config\npackages:\n- htop\nwrite_files:\n- path: /etc/kontena-agent.env\n  content: mine\n") });
        yield return new("debian-mime", Node(OperatingSystem.Debian, Agent()) with { UserData = Mime });
        yield return new("flatcar-ignition", Node(OperatingSystem.Flatcar, Agent()) with { UserData = Text("{\"ignition\": {\"version\": \"3.3.0\"}, \"storage\": {\"files\": [{\"path\": \"/etc/motd\", \"contents\": {\"source\": \"data:,hello\"}}]}}") });
    }

    private static DockerSpec Docker => new() { Bip = "172.18.0.1/24", DataRoot = "/mnt/docker", InsecureRegistries = ["registry.local:5000", "10.81.0.0/16"] };

    private static AgentSpec Everything => new()
    {
        Version = "1.5.3",
        Image = "registry.local:5000/kontena/agent",
        PeerInterface = "eth1",
        Environment = new Dictionary<string, string> { ["LOG_LEVEL"] = "0", ["GREETING"] = "it's \"$HOME\" at 100% \\ # é" },
    };

    private static UserDataSpec Inline => new() { Inline = "#!/bin/sh\n" };

    private static byte[] Script => Text("#!/bin/sh\n# für alle\ntouch /etc/mine\n");

    private static byte[] Mime => Text("Content-Type: multipart/mixed; boundary=\"b\"\nMIME-Version: 1.0\n\n--b\nContent-Type: text/cloud-config\n\n#cloud-config\npackages: [htop]\n--b\nContent-Type: text/x-shellscript\n\n#!/bin/sh\ntrue\n--b--\n");

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
