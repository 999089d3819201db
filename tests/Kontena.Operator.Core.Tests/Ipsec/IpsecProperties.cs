using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Ipsec;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ipsec;

/// <summary>Grids in which every pair of members can be looked at by itself.</summary>
public sealed class IpsecProperties
{
    private static readonly Config many = Config.QuickThrowOnFailure.WithMaxTest(1000);
    private static readonly string[] subnets = ["10.0.0.0/30", "10.0.0.2/32", "10.0.0.4/31", "192.0.2.0/29", "192.0.2.3/32", "0.0.0.0/0", "2001:db8::/64"];

    private static readonly Arbitrary<IpsecGrid> grids = Arb.From(
        from members in Member.ListOf()
        from trusted in Gen.SubListOf(subnets)
        from declared in Gen.SubListOf(subnets[..3])
        from isDeclared in Gen.Elements(true, false)
        from closed in Gen.SubListOf("n0", "n1", "n2")
        from disabled in Gen.SubListOf("p0", "p1")
        select new IpsecGrid
        {
            Members = [.. members.Select((m, i) => m with { Name = $"n{i}" })],
            TrustedSubnets = [.. trusted],
            DeclaredSubnets = isDeclared ? [.. declared] : null,
            EspClosed = [.. closed],
            Pools = [.. disabled.Select(p => new PoolIpsec(p, IpsecMode.Disabled))],
        });

    private static Gen<GridMember> Member =>
        from region in Gen.Elements("a", "a", "b")
        from near in Gen.Choose(0, 7)
        from far in Gen.Choose(0, 9)
        from v6 in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new GridMember { Name = "", Region = region, Private = near == 7 ? null : IPAddress.Parse((v6 ? "2001:db8::" : "10.0.0.") + near), Public = far == 9 ? null : IPAddress.Parse("192.0.2." + far) };

    [Test]
    public void BareLinkOf_IsThereExactlyWhereAPairIsBare() => Check.One(many, Prop.ForAll(grids, grid =>
    {
        var policy = new IpsecPolicy(grid);
        return grid.Members!.All(m => policy.BareLinkOf(m.Name) is { } link
            ? IsBare(grid, m, grid.Members!.Single(p => p.Name == link.Peer))
            : grid.Members!.All(p => p == m || !IsBare(grid, m, p)));
    }));

    [Test]
    public void IsBare_IsTrueExactlyWhereEveryPairIs() => Check.One(many, Prop.ForAll(grids, grid =>
        new IpsecPolicy(grid).IsBare == (grid.Members!.Count > 1 && grid.Members!.All(m => grid.Members!.All(p => p == m || IsBare(grid, m, p))))));

    [Test]
    public void Of_Required_IsReadyOnlyWhereEverythingIsEncryptedInTheKernel() => Check.One(many, Prop.ForAll(grids, grid => Verdicts(grid, IpsecMode.Required).All(v =>
        v.Verdict.BlocksReady != (v.Verdict.Status == "True")
        && (v.Verdict.BlocksReady || (grid.Members!.All(p => p == v.Member || !IsBare(grid, v.Member, p)) && grid.EspClosed.All(c => c == v.Member.Name) && grid.Pools.All(p => p.Pool == "p0"))))));

    /// <summary>What is only preferred says the same of the world, and never keeps a node from being ready.</summary>
    [Test]
    public void Of_Preferred_JudgesAlikeAndNeverBlocks() => Check.One(many, Prop.ForAll(grids, grid =>
        Verdicts(grid, IpsecMode.Required).Zip(Verdicts(grid, IpsecMode.Preferred)).All(v => v.First.Verdict.Status == v.Second.Verdict.Status && !v.Second.Verdict.BlocksReady)));

    [Test]
    public void Of_MembersAndSubnetsInAnotherOrder_IsTheSame() => Check.One(many, Prop.ForAll(grids, grid =>
    {
        var turned = grid with { Members = [.. grid.Members!.Reverse()], TrustedSubnets = [.. grid.TrustedSubnets!.Reverse()], EspClosed = [.. grid.EspClosed.Reverse()], Pools = [.. grid.Pools.Reverse()] };
        return Verdicts(grid, IpsecMode.Required).Select(v => v.Verdict).SequenceEqual(Verdicts(turned, IpsecMode.Required).Reverse().Select(v => v.Verdict));
    }));

    private static IEnumerable<(GridMember Member, IpsecVerdict Verdict)> Verdicts(IpsecGrid grid, IpsecMode mode)
    {
        var policy = new IpsecPolicy(grid);
        return [.. grid.Members!.Select(m => (m, IpsecVerdict.Of(policy, new IpsecNode { Name = m.Name, Pool = "p0", Mode = mode, EspOpen = true })))];
    }

    private static bool IsBare(IpsecGrid grid, GridMember one, GridMember other)
    {
        var near = one.Region == other.Region;
        return IsTrusted(grid, near ? one.Private ?? one.Public : one.Public ?? one.Private) && IsTrusted(grid, near ? other.Private ?? other.Public : other.Public ?? other.Private);
    }

    private static bool IsTrusted(IpsecGrid grid, IPAddress? address) =>
        address is not null && grid.TrustedSubnets!.Concat(grid.DeclaredSubnets ?? []).Any(s => IPNetwork.Parse(s).Contains(address));
}
