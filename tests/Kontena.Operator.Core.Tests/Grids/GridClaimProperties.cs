using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Tests.Grids;

/// <summary>Of Grids that stand for one grid exactly one has it, whoever looks, in whatever order.</summary>
public sealed class GridClaimProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static readonly Arbitrary<List<GridClaim>> Any = Arb.From(
        from count in Gen.Choose(1, 6)
        from claims in Gen.CollectToList(Enumerable.Range(0, count).ToArray(), One)
        select claims.ToList());

    [Test]
    public void TwoThatShareAGrid_AreNeverBothWithoutAHolder() => Check.One(Many, Prop.ForAll(Any, claims =>
    {
        var free = claims.Where(c => c.HeldBy(claims) is null).ToList();
        foreach (var one in free)
            foreach (var other in free.Where(o => o.Uid != one.Uid))
                Assert.That(one.Keys.Intersect(other.Keys), Is.Empty, $"{one.Name} and {other.Name} both have it");
        Assert.That(free, Is.Not.Empty, "the oldest has its grid");
        return true;
    }));

    [Test]
    public void AnotherOrder_IsTheSameHolder() => Check.One(Many, Prop.ForAll(Any, claims =>
    {
        foreach (var claim in claims) Assert.That(claim.HeldBy(Enumerable.Reverse(claims))?.Uid, Is.EqualTo(claim.HeldBy(claims)?.Uid));
        return true;
    }));

    [TestCase("https://master.example.com", "https://MASTER.example.com:443/", true)]
    [TestCase("http://master.example.com", "http://master.example.com:80", true)]
    [TestCase("https://master.example.com/a", "https://master.example.com/a/", true)]
    [TestCase("https://master.example.com/a", "https://master.example.com/b", false)]
    [TestCase("https://master.example.com", "https://master.example.com:8443", false)]
    public void Url_IsComparedAsWhatItNames(string one, string other, bool same) =>
        Assert.That(Claim(0, one, "prod", null, 0).Keys.SequenceEqual(Claim(1, other, "prod", null, 0).Keys), Is.EqualTo(same));

    [Test]
    public void SameGridByAnotherUrl_IsKnownByItsFingerprint()
    {
        var (old, young) = (Claim(0, "https://a.example.com", "prod", "f00d", 0), Claim(1, "https://b.example.com", "prod", "f00d", 1));
        Assert.That((young.HeldBy([old, young])?.Name, old.HeldBy([old, young])), Is.EqualTo(("grid-0", (GridClaim?)null)));
    }

    private static Gen<GridClaim> One(int number) =>
        from url in Gen.Elements("https://a.example.com", "https://b.example.com")
        from name in Gen.Elements("prod", "test")
        from fingerprint in Gen.Elements(null, null, "f1", "f2")
        from age in Gen.Choose(0, 2)
        select Claim(number, url, name, fingerprint, age);

    private static GridClaim Claim(int number, string url, string name, string? fingerprint, int age) => new(
        "ns", $"grid-{number}", $"uid-{number}", Samples.Noon.AddSeconds(age),
        new GridSpec { Name = name, Master = new MasterSpec { Url = url, TokenRef = new TokenRef { Name = "prod" } } }, fingerprint);
}
