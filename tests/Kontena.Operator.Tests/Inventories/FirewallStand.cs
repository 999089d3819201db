using System.Collections.Concurrent;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Credentials;
using Kontena.Operator.Inventories;
using Kontena.Operator.Providers;
using Kontena.Operator.Providers.Shared;
using Kontena.Operator.Tests.Clouds;
using Kontena.Operator.Tests.Controllers;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Tests.Inventories;

/// <summary>One account with firewalls, and what its listings tell of. Nothing but the clock makes it leave the caller's thread.</summary>
internal sealed class FirewallStand
{
    public const string Installation = "installation";

    private static readonly Pace pace = new();

    private readonly ConcurrentQueue<AccountKey> told = [];
    private readonly ConcurrentQueue<FirewallListing> listed = [];
    private readonly ConcurrentQueue<InventoryNews> news = [];

    public FirewallStand()
    {
        Cloud = new FakeCloud(Time);
        Firewalls = new FakeFirewalls(Cloud, Time);
        Cloud.Firewalls = Firewalls;
        var accounts = new ProviderAccounts(new CredentialSecrets(new MemoryApi(Time), pace, Time), (_, _) => ValueTask.FromResult(new MachineAccount(Cloud, new Inventory(Cloud, Installation, Time)) { Firewalls = Shared }));
        Context = new InventoryContext(accounts, Installation, news.Enqueue, pace, Time, NullLogger.Instance) { AnnounceFirewalls = told.Enqueue, ListedFirewalls = (_, listing) => listed.Enqueue(listing) };
        var settings = Samples.Aws(secret: null);
        Account = new AccountFirewalls(AccountKey.Of(Samples.Namespace, settings), Samples.Namespace, settings, Context);
    }

    public ManualTime Time { get; } = new();

    public FakeCloud Cloud { get; }

    public FakeFirewalls Firewalls { get; }

    /// <summary>Null: nobody shares the listing of firewalls.</summary>
    public FirewallInventory? Shared { get; set; }

    public InventoryContext Context { get; }

    public AccountFirewalls Account { get; }

    /// <summary>How often the account's firewalls were told of.</summary>
    public int Told => told.Count;

    /// <summary>Complete listings that were shown around.</summary>
    public IReadOnlyList<FirewallListing> Listed => [.. listed];

    public IReadOnlyList<InventoryNews> News => [.. news];

    public Task<TimeSpan> ListAsync() => Account.ListAsync(TestContext.CurrentContext.CancellationToken);

    /// <summary>A listing that fails like this, and the pause after it.</summary>
    public async Task<TimeSpan> FailAsync(DriverFault fault, string message = "no answer", string? code = null, TimeSpan? retryAfter = null)
    {
        Firewalls.ListFault = new DriverException(fault, message) { Code = code, RetryAfter = retryAfter };
        var pause = await ListAsync();
        Firewalls.ListFault = null;
        return pause;
    }

    public static Firewall Own(string id, params FirewallRule[] rules) =>
        new() { Id = id, Name = id, Network = FakeFirewalls.Vpc, Marks = new FirewallMarks(Installation, FirewallOwner.Pool, "pool-uid"), Rules = rules };

    public static Firewall Foreign(string id) => new() { Id = id, Name = id, Network = FakeFirewalls.Vpc };

    public static FirewallRule Rule(IpProtocol protocol) => new(new PortRule(protocol, PortRange.All, RuleSource.Members.Instance), IsOurs: true);
}
