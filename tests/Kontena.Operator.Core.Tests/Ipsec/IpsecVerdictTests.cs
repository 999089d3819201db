using System.Net;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Ipsec;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ipsec;

public sealed class IpsecVerdictTests
{
    private static readonly IpsecGrid good = new()
    {
        Pools = [new PoolIpsec("web", IpsecMode.Required), new PoolIpsec("db", IpsecMode.Preferred)],
        Members = [Member("web-0", "10.1.0.1"), Member("web-1", "10.1.0.2"), Member("db-0", "10.2.0.1"), Member("far-0", "10.9.0.1", "eu-west-2", "203.0.113.9")],
        TrustedSubnets = [],
    };

    private static readonly IpsecNode node = new() { Name = "web-0", Pool = "web", Mode = IpsecMode.Required, EspOpen = true };

    [TestCase(IpsecMode.Required)]
    [TestCase(IpsecMode.Preferred)]
    public void Of_NothingAgainstIt_IsTrue(IpsecMode mode) => Assert.That(Of(good, node with { Mode = mode }), Is.EqualTo(
        new IpsecVerdict("True", "EspOpen", "ESP may pass between the node and all other members, and no trusted subnet has it together with another one.", BlocksReady: false)));

    /// <summary>Each alone: what is required blocks, what is preferred falls back, and neither is told as well.</summary>
    [TestCase("EspClosed", "keep ESP (IP protocol 50) from members out: the condition PortsOpen")]
    [TestCase("EspClosedAtPeer", "The firewalls of db-0, web-1 keep ESP")]
    [TestCase("EspNotExpressible", "cannot let ESP (IP protocol 50) in")]
    [TestCase("PeersDisabled", "Machines of cache are not prepared for ESP")]
    public void Of_EspCannotPass_BlocksOrFallsBack(string reason, string said)
    {
        var (grid, seen) = reason switch
        {
            "EspClosed" => (good, node with { EspOpen = false }),
            "EspClosedAtPeer" => (good with { EspClosed = ["web-1", "web-0", "db-0"] }, node),
            "EspNotExpressible" => (good, node with { ExpressesEsp = false, EspOpen = null }),
            _ => (good with { Pools = [.. good.Pools, new PoolIpsec("cache", IpsecMode.Disabled), new PoolIpsec("web", IpsecMode.Disabled)] }, node),
        };
        var (required, preferred) = (Of(grid, seen), Of(grid, seen with { Mode = IpsecMode.Preferred }));
        Assert.That((required.Status, required.Reason, required.BlocksReady), Is.EqualTo(("False", reason, true)));
        Assert.That((preferred.Status, preferred.Reason, preferred.BlocksReady), Is.EqualTo(("False", "FallsBack", false)));
        Assert.That(required.Message, Does.Contain(said));
        Assert.That(preferred.Message, Is.EqualTo(required.Message + " Until then the overlay encrypts in user space (sleeve), which is slow."));
    }

    [TestCase("10.1.0.0/16", "web-1", TestName = "Of_TrustedSubnet_HasANeighbour")]
    [TestCase("10.1.0.1/32 10.2.0.0/16", "db-0", TestName = "Of_TrustedSubnets_HaveTheTwoBetweenThem")]
    [TestCase("198.51.100.0/24 203.0.113.0/24", "far-0", TestName = "Of_TrustedSubnets_HaveThePublicAddressesOfTwoRegions")]
    [TestCase("10.1.0.9/16", "web-1", TestName = "Of_TrustedSubnetWithHostBits_IsItsNetwork")]
    public void Of_TrustedPair_IsNotEncrypted(string subnets, string peer)
    {
        var grid = good with { TrustedSubnets = subnets.Split(' ') };
        var verdict = Of(grid, node);
        Assert.That((verdict.Status, verdict.Reason, verdict.BlocksReady), Is.EqualTo(("False", "TrustedSubnets", true)));
        Assert.That(verdict.Message, Does.StartWith($"Trusted subnets have the node and {peer}: ").And.Contain("kontena grid trusted-subnet remove"));
        Assert.That(Of(grid, node with { Mode = IpsecMode.Preferred }), Has.Property("Reason").EqualTo("TrustedSubnets").And.Property("BlocksReady").False.And.Property("Message").Contains("spec.network.ipsec.mode: Disabled"));
    }

    [TestCase("10.1.0.1/32", TestName = "Of_TrustedSubnetWithTheNodeAlone_IsEncrypted")]
    [TestCase("10.2.0.0/16 10.1.0.2/32", TestName = "Of_TrustedSubnetsWithOthersAlone_AreEncrypted")]
    [TestCase("10.1.0.1/32 10.9.0.0/16", TestName = "Of_PrivateAddressInAnotherRegion_IsNotUsed")]
    [TestCase("no-network", TestName = "Of_TrustedSubnetThatIsNone_TrustsNobody")]
    public void Of_NoTrustedPair_IsTrue(string subnets) => Assert.That(Of(good with { TrustedSubnets = subnets.Split(' ') }, node).Status, Is.EqualTo("True"));

    [Test]
    public void Of_TrustedSubnetThatTheMasterIsAboutToGet_CountsAlready() => Assert.That(Of(good with { DeclaredSubnets = ["10.0.0.0/8"] }, node).Message, Is.EqualTo(
        "Trusted subnets have the node and db-0: 10.0.0.0/8. What these two send each other is not encrypted. Take them out of the Grid's spec.trustedSubnets."));

    [Test]
    public void Of_AgentWithoutTheGridToken_IsNotEncrypted([Values(IpsecMode.Required, IpsecMode.Preferred)] IpsecMode mode) =>
        Assert.That(Of(good, node with { Mode = mode, HasGridToken = false }), Has.Property("Reason").EqualTo("NoGridToken").And.Property("BlocksReady").EqualTo(mode is IpsecMode.Required));

    [TestCase(IpsecMode.Required, true)]
    [TestCase(IpsecMode.Preferred, false)]
    public void Of_NotObserved_IsUnknown(IpsecMode mode, bool blocks)
    {
        var seen = node with { Mode = mode };
        IpsecVerdict[] verdicts = [Of(good with { Members = null }, seen), Of(good with { TrustedSubnets = null }, seen), Of(good, seen with { Name = "web-7" }), Of(good, seen with { EspOpen = null })];
        Assert.That(verdicts.Select(v => (v.Status, v.Reason, v.BlocksReady)), Is.All.EqualTo(("Unknown", "NotObserved", blocks)));
        Assert.That(verdicts.Select(v => v.Message).Distinct().Count(), Is.EqualTo(3), "each says what is missing");
    }

    /// <summary>What is certain is not hidden behind what is not known.</summary>
    [Test]
    public void Of_ClosedAndTheMasterSilent_IsFalse() => Assert.That(Of(good with { Members = null, TrustedSubnets = null }, node with { EspOpen = false }).Reason, Is.EqualTo("EspClosed"));

    [TestCase("", "All the same the overlay encrypts in user space (sleeve), which is slow: name")]
    [TestCase("10.1.0.0/16", "but for members that are both in trusted subnets (10.1.0.0/16).")]
    [TestCase("10.0.0.0/8", "but for members that are both in trusted subnets (10.0.0.0/8).")]
    [TestCase("10.0.0.0/8 0.0.0.0/0", "The overlay is not encrypted: all members are in trusted subnets (0.0.0.0/0, 10.0.0.0/8).")]
    public void Of_Disabled_IsTrueAndSaysWhetherTheOverlayEncrypts(string subnets, string said)
    {
        var verdict = Of(good with { TrustedSubnets = subnets.Split(' ', StringSplitOptions.RemoveEmptyEntries) }, node with { Mode = IpsecMode.Disabled, EspOpen = null });
        Assert.That((verdict.Status, verdict.Reason, verdict.BlocksReady), Is.EqualTo(("True", "Disabled", false)));
        Assert.That(verdict.Message, Does.StartWith("Nothing is asked for.").And.Contain(said));
    }

    [TestCase(new IpsecMode[0], false)]
    [TestCase(new[] { IpsecMode.Disabled, IpsecMode.Disabled }, false)]
    [TestCase(new[] { IpsecMode.Disabled, IpsecMode.Preferred }, true)]
    [TestCase(new[] { IpsecMode.Required }, true)]
    public void WantsEsp_OnePoolIsEnough(IpsecMode[] modes, bool wants) => Assert.That(IpsecPolicy.WantsEsp(modes), Is.EqualTo(wants));

    [Test]
    public void OfPool_TellsTheWorst()
    {
        var (fine, bad) = (Of(good, node), Of(good, node with { EspOpen = false }));
        Assert.That(IpsecVerdict.OfPool([new("web-0", fine), new("web-1", bad)]), Is.EqualTo(new PoolVerdict("False", "EspClosed", $"1 of 2 nodes have what encryption takes (1 EspClosed). web-1: {bad.Message}")));
        Assert.That(IpsecVerdict.OfPool([new("web-0", fine), new("web-1", fine)]), Is.EqualTo(new PoolVerdict("True", "EspOpen", fine.Message)));
    }

    private static IpsecVerdict Of(IpsecGrid grid, IpsecNode seen) => IpsecVerdict.Of(new IpsecPolicy(grid), seen);

    private static GridMember Member(string name, string address, string region = "eu-west-1", string? open = null) =>
        new() { Name = name, Region = region, Private = IPAddress.Parse(address), Public = IPAddress.Parse(open ?? "198.51.100." + address.Split('.')[^1]) };
}
