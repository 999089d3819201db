using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Inventories;
using Kontena.Operator.Resources;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Tests.Controllers;

public sealed class UnownedFirewallsTests
{
    private static readonly AccountKey account = AccountKey.Of(Samples.Namespace, Samples.Aws());

    private readonly ManualTime time = new();
    private readonly Lines lines = new();

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task OwnerUnknown_IsToldOfOnce_AtTheSecondSight()
    {
        await using var stores = await OpenAsync();
        var firewalls = new UnownedFirewalls(stores.Pools.Store, new Store<Grid>(), lines);

        firewalls.Look(account, Listing(Of("sg-1", "gone")));
        Assert.That(lines.Said, Is.Empty, "a listing may be older than the owner's end");
        firewalls.Look(account, Listing(Of("sg-1", "gone")));
        firewalls.Look(account, Listing(Of("sg-1", "gone")));

        Assert.That(lines.Said, Has.Count.EqualTo(1).And.Some.Contains("sg-1").And.Some.Contains("gone"));
    }

    [Test]
    public async Task GoneMeanwhile_IsAFirstSightAgain()
    {
        await using var stores = await OpenAsync();
        var firewalls = new UnownedFirewalls(stores.Pools.Store, new Store<Grid>(), lines);

        firewalls.Look(account, Listing(Of("sg-1", "gone")));
        firewalls.Look(account, Listing());
        firewalls.Look(account, Listing(Of("sg-1", "gone")));

        Assert.That(lines.Said, Is.Empty);
    }

    [Test]
    public async Task OwnerKnown_OrForeign_NothingIsSaid()
    {
        await using var stores = await OpenAsync();
        var firewalls = new UnownedFirewalls(stores.Pools.Store, new Store<Grid>(), lines);
        var listing = Listing(Of("sg-1", stores.Pools.Store.All.Single().Metadata.Uid!), new Firewall { Id = "sg-2", Name = "theirs" });

        firewalls.Look(account, listing);
        firewalls.Look(account, listing);

        Assert.That(lines.Said, Is.Empty);
    }

    private async Task<LivingStores> OpenAsync()
    {
        var api = new MemoryApi(time);
        await api.CreateAsync(KontenaKinds.NodePools, Samples.Pool("web"), WriteOptions.Default, Ct);
        return await LivingStores.OpenAsync(api, time, Ct);
    }

    private FirewallListing Listing(params Firewall[] firewalls) => new(time.GetUtcNow(), firewalls);

    private static Firewall Of(string id, string owner) => new() { Id = id, Name = "kontena-pool-web", Marks = new FirewallMarks("installation", FirewallOwner.Pool, owner) };

    private sealed class Lines : ILogger
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Said.Add(formatter(state, exception));
    }
}
