using System.Net;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ports;

public sealed class PortPolicyTests
{
    [Test]
    public void OfPool_NothingAsked_OpensNothing()
    {
        Assert.That(PortPolicy.OfPool(null), Is.Empty);
        Assert.That(PortPolicy.OfPool(new NetworkSpec { Ipsec = new IpsecSpec { Mode = IpsecMode.Required } }), Is.Empty);
    }

    [Test]
    public void OfPool_EveryWayIn_IsARuleEach() => Assert.That(Texts(PortPolicy.OfPool(new NetworkSpec
    {
        Ports =
        [
            new PortSpec { Name = "http", Port = "80", Sources = ["::/0", "0.0.0.0/0"] },
            new PortSpec { Name = "dns", Port = "53", Protocol = PortProtocol.UDP, Sources = ["10.0.0.0/8"] },
            new PortSpec { Name = "next", Port = "81-90", Sources = ["0.0.0.0/0"] },
        ],
        Ssh = new SourcesSpec { Sources = ["192.0.2.0/25", "192.0.2.128/25"] },
        Vpn = new SourcesSpec { Sources = ["198.51.100.7/32"] },
    })), Is.EqualTo(new[]
    {
        "TCP 22 from 192.0.2.0/24",
        "TCP 80 from ::/0",
        "TCP 80-90 from 0.0.0.0/0",
        "UDP 53 from 10.0.0.0/8",
        "UDP 1194 from 198.51.100.7/32",
    }));

    [TestCase("0")]
    [TestCase("90-80")]
    [TestCase("65536")]
    [TestCase("80-")]
    public void OfPool_PortThatIsNone_IsRefused(string port) =>
        Assert.That(() => PortPolicy.OfPool(new NetworkSpec { Ports = [new PortSpec { Name = "x", Port = port, Sources = ["::/0"] }] }), Throws.TypeOf<FormatException>());

    [Test]
    public void OfMembers_InOneNetwork_NamesNoAddress() => Assert.That(Texts(PortPolicy.OfMembers(esp: true, elsewhere: [])), Is.EqualTo(new[]
    {
        "TCP 6783-6784 from members", "UDP 6783-6784 from members", "ESP from members",
    }));

    [Test]
    public void OfMembers_WithoutEsp_LeavesProtocol50Closed() =>
        Assert.That(PortPolicy.OfMembers(esp: false, elsewhere: Addresses("10.9.0.1")).Select(r => r.Protocol), Has.None.EqualTo(IpProtocol.Esp));

    [Test]
    public void OfMembers_Elsewhere_AreAddressesJoinedExactly() => Assert.That(Texts(PortPolicy.OfMembers(esp: true, Addresses("10.9.0.3", "10.9.0.2", "2001:db8::1", "10.9.0.9"))), Is.EqualTo(new[]
    {
        "TCP 6783-6784 from members", "TCP 6783-6784 from 10.9.0.2/31", "TCP 6783-6784 from 10.9.0.9/32", "TCP 6783-6784 from 2001:db8::1/128",
        "UDP 6783-6784 from members", "UDP 6783-6784 from 10.9.0.2/31", "UDP 6783-6784 from 10.9.0.9/32", "UDP 6783-6784 from 2001:db8::1/128",
        "ESP from members", "ESP from 10.9.0.2/31", "ESP from 10.9.0.9/32", "ESP from 2001:db8::1/128",
    }));

    [Test]
    public void OfMembers_WhereNoRuleCanNameMembers_WritesTheirAddresses() => Assert.That(
        Texts(PortPolicy.OfMembers(esp: false, Addresses("10.9.0.1"), members: Addresses("10.1.0.1"))),
        Is.EqualTo(new[] { "TCP 6783-6784 from 10.1.0.1/32", "TCP 6783-6784 from 10.9.0.1/32", "UDP 6783-6784 from 10.1.0.1/32", "UDP 6783-6784 from 10.9.0.1/32" }));

    /// <summary>Lists of equal policies are equal, so that nothing is written for a member that was listed in another order.</summary>
    [Test]
    public void OfMembers_InAnotherOrder_IsTheSame() =>
        Assert.That(PortPolicy.OfMembers(true, Addresses("10.9.0.1", "10.9.0.9", "10.9.0.1")), Is.EqualTo(PortPolicy.OfMembers(true, Addresses("10.9.0.9", "10.9.0.1"))));

    private static IEnumerable<string> Texts(IEnumerable<PortRule> rules) => rules.Select(r => r.ToString());

    private static IPNetwork[] Addresses(params string[] addresses) => [.. addresses.Select(a => NetworkSet.Of(IPAddress.Parse(a)))];
}
