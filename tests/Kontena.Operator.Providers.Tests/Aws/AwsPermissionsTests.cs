using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Aws;
using Kontena.Operator.Providers.Aws.Ec2;

namespace Kontena.Operator.Providers.Tests.Aws;

public sealed class AwsPermissionsTests
{
    private static readonly FirewallMarks pool = new(Requests.Installation, FirewallOwner.Pool, "pool-uid");
    private static readonly Ec2Source world = new Ec2Source.Ipv4("0.0.0.0/0");

    [Test]
    public void AnyRule_ToEc2AndBack_IsItselfAndOurs() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Arb.From(Rules()), rule =>
    {
        var sent = AwsPermissions.Of(rule, "sg-1", pool);
        var group = GroupWith(sent);
        Assert.That(AwsPermissions.From(group).Rules, Is.EqualTo(new[] { new FirewallRule(rule, true) }));
        // On the wire too: the document that EC2 would answer has the same words as the form.
        Assert.That(AwsPermissions.Of(AwsPermissions.RuleOf(sent, group), "sg-1", pool), Is.EqualTo(sent));
    }));

    [TestCase("50", 6000, 6001, "ESP from 0.0.0.0/0", Description = "EC2 lets all ports of such a protocol through, whatever is written")]
    [TestCase("50", null, null, "ESP from 0.0.0.0/0")]
    [TestCase("-1", null, null, "any protocol from 0.0.0.0/0")]
    [TestCase("-1", -1, -1, "any protocol from 0.0.0.0/0")]
    [TestCase("6", 80, 80, "TCP 80 from 0.0.0.0/0")]
    [TestCase("tcp", 0, 65535, "TCP 0-65535 from 0.0.0.0/0")]
    [TestCase("icmp", -1, -1, "ICMP from 0.0.0.0/0")]
    [TestCase("58", null, null, "ICMPv6 from 0.0.0.0/0")]
    [TestCase("sctp", null, null, "any protocol from 0.0.0.0/0, protocol 'sctp'", Description = "a name of the future stands for nothing that we ask for")]
    public void RuleOf_InEc2sWords_InOurs(string protocol, int? from, int? to, string expected)
    {
        var rule = new Ec2Rule(protocol, from, to, world, null);
        Assert.That(AwsPermissions.RuleOf(rule, GroupWith(rule)).ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void RuleOf_OneTypeOfIcmp_IsNotAllOfIt()
    {
        var echo = new Ec2Rule("icmp", 8, -1, world, null);
        var rule = AwsPermissions.RuleOf(echo, GroupWith(echo));
        Assert.That((rule.Ports == PortRange.All, rule.Ports.Covers(PortRange.All)), Is.EqualTo((false, false)));
    }

    [TestCase("sg-1", null, true)]
    [TestCase("sg-1", "123456789012", true)]
    [TestCase("sg-1", "999999999999", false)]
    [TestCase("sg-2", null, false)]
    [TestCase(null, "999999999999", false)]
    public void RuleOf_AGroup_IsMembersOnlyWhereItIsItself(string? id, string? account, bool isMembers)
    {
        var rule = new Ec2Rule("tcp", 1, 1, new Ec2Source.Group(id, account), null);
        Assert.That(AwsPermissions.RuleOf(rule, GroupWith(rule)).Source is RuleSource.Members, Is.EqualTo(isMembers));
    }

    [Test]
    public void RuleOf_PrefixListOrGarbledNetwork_IsSomethingThatWeNeverAskFor()
    {
        foreach (var source in (Ec2Source[])[new Ec2Source.PrefixList("pl-1"), new Ec2Source.Ipv4("10.0.0.0/33"), new Ec2Source.Ipv6("rubbish")])
        {
            var rule = new Ec2Rule("tcp", 1, 1, source, null);
            Assert.That(AwsPermissions.RuleOf(rule, GroupWith(rule)).Source, Is.InstanceOf<RuleSource.Other>());
        }
    }

    [TestCase("kontena installation-1/pool-uid", true)]
    [TestCase("kontena installation-2/pool-uid", false)]
    [TestCase("kontena installation-1/pool-2", false)]
    [TestCase("Kontena installation-1/pool-uid", false)]
    [TestCase("kontena installation-1/pool-uid, and the audit", false)]
    [TestCase("kontena", false)]
    [TestCase(null, false)]
    public void IsOurs_ByTheWholeMarkOfTheGroupsOwner(string? description, bool expected) =>
        Assert.That(AwsPermissions.IsOurs(new Ec2Rule("tcp", 1, 1, world, description), pool), Is.EqualTo(expected));

    [Test]
    public void From_GroupWithoutAllMarks_NothingOfItIsOurs()
    {
        var ours = AwsPermissions.Of(new PortRule(IpProtocol.Tcp, PortRange.Of(1), RuleSource.Members.Instance), "sg-1", pool);
        foreach (var missing in (string[])["kontena-installation", "kontena-owner", "kontena-owner-uid"])
        {
            var group = GroupWith(ours);
            var firewall = AwsPermissions.From(group with { Tags = group.Tags.Where(t => t.Key != missing).ToDictionary() });
            Assert.That((firewall.Marks, firewall.Rules.Single().IsOurs), Is.EqualTo(((FirewallMarks?)null, false)), missing);
        }
    }

    [TestCase("-1", "0.0.0.0/0", true)]
    [TestCase("tcp", "0.0.0.0/0", false)]
    [TestCase("-1", "10.0.0.0/8", false)]
    public void From_Egress_LetsAllOutOnlyWithTheUsualRule(string protocol, string cidr, bool expected)
    {
        var group = GroupWith() with { Egress = [new Ec2Rule(protocol, null, null, new Ec2Source.Ipv4(cidr), null)] };
        Assert.That(AwsPermissions.From(group).LetsAllOut, Is.EqualTo(expected));
        Assert.That(AwsPermissions.From(group with { Egress = [] }).LetsAllOut, Is.False);
    }

    [Test]
    public void MarkOf_TheLongestIds_FitsADescription()
    {
        var mark = AwsPermissions.MarkOf(new FirewallMarks("0123456789abcdef", FirewallOwner.Grid, Guid.Empty.ToString()));
        Assert.That(mark, Has.Length.LessThanOrEqualTo(255).And.Matches(@"\A[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+\z"));
    }

    private static Ec2SecurityGroup GroupWith(params Ec2Rule[] rules) => new()
    {
        Id = "sg-1",
        Name = "name",
        OwnerId = "123456789012",
        VpcId = "vpc-1",
        Ingress = rules,
        Tags = AwsTags.Compose(pool, "name", null).ToDictionary(),
    };

    private static Gen<PortRule> Rules() =>
        from number in Gen.OneOf(Gen.Elements(-1, 1, 6, 17, 50, 58), Gen.Choose(0, 255))
        from a in Gen.Choose(0, 65535)
        from b in Gen.Choose(0, 65535)
        from source in Gen.OneOf(Gen.Constant((RuleSource)RuleSource.Members.Instance), Networks(4), Networks(16))
        let protocol = new IpProtocol(number)
        select new PortRule(protocol, protocol.HasPorts ? new PortRange(Math.Min(a, b), Math.Max(a, b)) : PortRange.All, source);

    private static Gen<RuleSource> Networks(int length) =>
        from bytes in Gen.ArrayOf(Gen.Choose(0, 255), length)
        from prefix in Gen.Choose(0, length * 8)
        select (RuleSource)new RuleSource.Network(new IPNetwork(new IPAddress(Masked(bytes, prefix)), prefix));

    private static byte[] Masked(int[] bytes, int prefix) =>
        [.. bytes.Select((b, i) => (byte)(b & (0xff00 >> Math.Clamp(prefix - (i * 8), 0, 8))))];
}
