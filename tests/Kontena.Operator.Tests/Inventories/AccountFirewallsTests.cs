using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Shared;

namespace Kontena.Operator.Tests.Inventories;

/// <summary>What listings of an account's firewalls tell of, and what is known after one that failed.</summary>
public sealed class AccountFirewallsTests
{
    private readonly FirewallStand stand = new();

    [Test]
    public async Task NothingChanged_IsToldOfOnce()
    {
        stand.Firewalls.Add(FirewallStand.Own("sg-1", FirewallStand.Rule(IpProtocol.Esp), FirewallStand.Rule(IpProtocol.Icmp)));
        await stand.ListAsync();
        stand.Firewalls.Change("sg-1", f => f with { Rules = [.. f.Rules.Reverse()] });
        stand.Time.Advance(TimeSpan.FromMinutes(1));
        await stand.ListAsync();

        Assert.That(stand.Told, Is.EqualTo(1), "neither the time nor the order of rules is news");
        Assert.That(stand.Account.Said.Last!.Own.BegunAt, Is.EqualTo(stand.Time.GetUtcNow()), "what is known is the newest listing all the same");
        Assert.That(stand.Listed, Has.Count.EqualTo(2), "whoever follows listings sees each");
    }

    [Test]
    public async Task SomethingChanged_IsToldOf()
    {
        stand.Firewalls.Add(FirewallStand.Own("sg-1"));
        await stand.ListAsync();

        stand.Firewalls.Change("sg-1", f => f with { Rules = [FirewallStand.Rule(IpProtocol.Esp)] });
        await stand.ListAsync();
        Assert.That(stand.Told, Is.EqualTo(2), "a rule more");

        stand.Firewalls.Add(FirewallStand.Own("sg-2"));
        await stand.ListAsync();
        Assert.That(stand.Told, Is.EqualTo(3), "a firewall more");
    }

    [Test]
    public async Task SomebodyWaits_IsToldOfOnceThoughNothingChanged()
    {
        await stand.ListAsync();

        stand.Account.LookNow();
        await stand.ListAsync();
        await stand.ListAsync();

        Assert.That(stand.Told, Is.EqualTo(2));
    }

    [Test]
    public async Task SomebodyAsksInTheMiddleOfAListing_TheNextOneAnswers()
    {
        await stand.ListAsync();
        stand.Firewalls.WhileListing = stand.Account.LookNow;
        await stand.ListAsync();
        stand.Firewalls.WhileListing = null;
        Assert.That(stand.Told, Is.EqualTo(1), "what is on its way may be older than what is waited for");

        await stand.ListAsync();

        Assert.That(stand.Told, Is.EqualTo(2));
    }

    [Test]
    public async Task Fails_LastListingStays_AndTroubleIsToldOfOnce()
    {
        stand.Firewalls.Add(FirewallStand.Own("sg-1"));
        await stand.ListAsync();

        await stand.FailAsync(DriverFault.Unavailable, "500");
        await stand.FailAsync(DriverFault.Unavailable, "500");

        Assert.That(stand.Told, Is.EqualTo(2));
        Assert.That((stand.Account.Said.Trouble, stand.Account.Said.NeedsHuman), Is.EqualTo((new Freeze("ProviderUnavailable", "500"), false)));
        Assert.That(stand.Account.Said.Last!.ById("sg-1"), Is.Not.Null);
        Assert.That(stand.Account.Said.Promises, Is.EqualTo(stand.Firewalls.Promises));
        Assert.That(stand.Listed, Has.Count.EqualTo(1), "only complete listings are shown around");
    }

    [Test]
    public async Task FailsForAnotherReason_IsToldOf_AndTheNextAnswerEndsIt()
    {
        await stand.FailAsync(DriverFault.Unavailable, "500");
        await stand.FailAsync(DriverFault.NotAllowed, "AuthFailure");
        Assert.That((stand.Account.Said.Trouble, stand.Account.Said.NeedsHuman), Is.EqualTo((new Freeze("CredentialsRefused", "AuthFailure"), true)));

        await stand.ListAsync();

        Assert.That((stand.Account.Said.Trouble, stand.Account.Said.NeedsHuman, stand.Told), Is.EqualTo(((Freeze?)null, false, 3)));
    }

    [Test]
    public async Task BreakerOpens_TroubleThatWasToldStays()
    {
        await stand.FailAsync(DriverFault.Unavailable, "500");
        await stand.FailAsync(DriverFault.Unavailable, "not sent", ResilientDriver.SuspendedCode);

        Assert.That((stand.Account.Said.Trouble!.Message, stand.Told), Is.EqualTo(("500", 1)));
    }

    /// <summary>Machines' calls can open it before the first look at firewalls.</summary>
    [Test]
    public async Task BreakerIsOpenAlready_IsTheTrouble()
    {
        await stand.ListAsync();
        await stand.FailAsync(DriverFault.Unavailable, "not sent", ResilientDriver.SuspendedCode);

        Assert.That((stand.Account.Said.Trouble!.Message, stand.Told), Is.EqualTo(("not sent", 2)));
    }

    [Test]
    public async Task ProviderHasNone_IsToldOfOnce_UntilItHasThem()
    {
        stand.Cloud.Firewalls = null;
        await stand.ListAsync();
        await stand.ListAsync();
        Assert.That((stand.Account.Said.HasNone, stand.Account.Said.Promises, stand.Account.Said.Last, stand.Told), Is.EqualTo((true, (FirewallPromises?)null, (object?)null, 1)));
        Assert.That(stand.Listed, Is.Empty);

        stand.Cloud.Firewalls = stand.Firewalls;
        await stand.ListAsync();

        Assert.That((stand.Account.Said.HasNone, stand.Told), Is.EqualTo((false, 2)));
    }

    [Test]
    public async Task ListingIsShared_OneOfThisInstantServes_AndAnOlderOneDoesNot()
    {
        await using var shared = new FirewallInventory(stand.Firewalls, FirewallStand.Installation, stand.Time);
        stand.Shared = shared;
        await shared.GetAsync(TimeSpan.Zero, TestContext.CurrentContext.CancellationToken);

        await stand.ListAsync();
        Assert.That(stand.Firewalls.Listings, Is.EqualTo(1));

        stand.Time.Advance(TimeSpan.FromMilliseconds(1));
        await stand.ListAsync();
        Assert.That(stand.Firewalls.Listings, Is.EqualTo(2));
    }
}
