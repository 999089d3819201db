namespace Kontena.Operator.Tests.Inventories;

/// <summary>Which firewalls of others are read besides our own, and for how long.</summary>
public sealed class AccountFirewallsReadTests
{
    private readonly FirewallStand stand = new();

    [SetUp]
    public void Fill()
    {
        stand.Firewalls.Add(FirewallStand.Own("sg-own"));
        stand.Firewalls.Add(FirewallStand.Foreign("sg-a"));
        stand.Firewalls.Add(FirewallStand.Foreign("sg-b"));
    }

    [Test]
    public async Task NobodyAsks_OnlyOurOwnAreLooked()
    {
        await stand.ListAsync();

        Assert.That(stand.Firewalls.Reads, Is.Empty);
        Assert.That(stand.Account.Said.Last!.ById("sg-a"), Is.Null);
    }

    [Test]
    public async Task AskedFor_IsReadWithEachListing_OurOwnAreNotReadTwice()
    {
        stand.Account.Read(["sg-b", "sg-own", "sg-a"]);
        await stand.ListAsync();
        await stand.ListAsync();

        Assert.That(stand.Firewalls.Reads, Is.EqualTo(new[] { "sg-a sg-b", "sg-a sg-b" }));
        Assert.That(stand.Account.Said.Last!.ById("sg-own")!.Marks, Is.Not.Null);
        Assert.That(stand.Account.Said.Last.Asked.Firewalls.Select(f => f.Id), Is.EqualTo(new[] { "sg-a", "sg-b" }));
        Assert.That(stand.Account.Said.Last.ById("sg-a"), Is.Not.Null);
    }

    [Test]
    public async Task AskedForAFirstTime_IsAnsweredThoughNothingIsFound_ThenNotAgain()
    {
        await stand.ListAsync();
        stand.Account.Read(["sg-gone"]);
        await stand.ListAsync();
        Assert.That(stand.Told, Is.EqualTo(2));

        stand.Account.Read(["sg-gone"]);
        await stand.ListAsync();

        Assert.That(stand.Told, Is.EqualTo(2), "who asks again has its answer already");
    }

    [Test]
    public async Task AskedForBesideKnownOnes_IsAnswered()
    {
        stand.Account.Read(["sg-gone"]);
        await stand.ListAsync();

        stand.Account.Read(["sg-lost", "sg-gone"]);
        await stand.ListAsync();

        Assert.That(stand.Told, Is.EqualTo(2));
    }

    [Test]
    public async Task NobodyAskedForTenMinutes_IsReadNoMore()
    {
        stand.Account.Read(["sg-a"]);
        stand.Time.Advance(TimeSpan.FromMinutes(10));
        await stand.ListAsync();
        Assert.That(stand.Firewalls.Reads, Has.Count.EqualTo(1));

        stand.Time.Advance(TimeSpan.FromMilliseconds(1));
        await stand.ListAsync();

        Assert.That(stand.Firewalls.Reads, Has.Count.EqualTo(1));
        Assert.That(stand.Account.Said.Last!.ById("sg-a"), Is.Null);
    }

    [Test]
    public async Task AskedForAgain_StaysForAnotherTenMinutes()
    {
        stand.Account.Read(["sg-a", "sg-b"]);
        stand.Time.Advance(TimeSpan.FromMinutes(9));
        stand.Account.Read(["sg-a"]);
        stand.Time.Advance(TimeSpan.FromMinutes(9));
        await stand.ListAsync();

        Assert.That(stand.Firewalls.Reads, Is.EqualTo(new[] { "sg-a" }));
    }

    [Test]
    public async Task ForgottenAndAskedForAnew_IsAnsweredAgain()
    {
        stand.Account.Read(["sg-gone"]);
        await stand.ListAsync();
        stand.Time.Advance(TimeSpan.FromMinutes(11));
        await stand.ListAsync();
        var before = stand.Told;

        stand.Account.Read(["sg-gone"]);
        await stand.ListAsync();

        Assert.That(stand.Told, Is.EqualTo(before + 1));
    }

    [Test]
    public async Task OneOfOthersChanges_IsToldOf()
    {
        stand.Account.Read(["sg-a"]);
        await stand.ListAsync();

        stand.Firewalls.Change("sg-a", f => f with { LetsAllOut = false });
        await stand.ListAsync();

        Assert.That(stand.Told, Is.EqualTo(2));
    }
}
