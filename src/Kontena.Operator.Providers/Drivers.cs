using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Shared;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Providers;

/// <summary>
/// The opened drivers, each with its decorators and its inventory, shared by everybody who has the same provider, scope and
/// credentials. Callers open anew for each round and keep nothing: what was not asked for in a while is closed, so that the
/// keys of a replaced Secret do not live on.
/// </summary>
/// <param name="open">Makes the bare driver; <see cref="ProviderCatalog.Open"/> but in tests.</param>
public sealed class Drivers(DriverEnvironment environment, Func<ProviderSettings, ProviderCredentials, DriverEnvironment, IMachineDriver> open) : IAsyncDisposable
{
    /// <summary>Longer than any call, so that nobody is cut off in the middle of one.</summary>
    public static readonly TimeSpan KeepIdle = TimeSpan.FromMinutes(10);

    /// <summary>Beyond this many accounts, idle ones are closed after <see cref="KeepIdleWhenMany"/> already.</summary>
    public const int Many = 200;

    /// <summary>Still longer than any call's deadline.</summary>
    public static readonly TimeSpan KeepIdleWhenMany = TimeSpan.FromMinutes(3);

    private readonly Lock gate = new();
    private readonly Dictionary<AccountKey, Entry> entries = [];

    public Drivers(DriverEnvironment environment) : this(environment, ProviderCatalog.Open) { }

    /// <summary>How many accounts are open: bounded by what was asked for within <see cref="KeepIdle"/>.</summary>
    public int Count
    {
        get { lock (gate) return entries.Count; }
    }

    /// <exception cref="DriverException">NotAllowed: the credentials lack a key.</exception>
    public async ValueTask<MachineAccount> OpenAsync(ProviderSettings settings, ProviderCredentials credentials)
    {
        var key = new AccountKey(settings.Provider, settings.InventoryScope, credentials.Identity);
        List<Entry> idle;
        Entry entry;
        lock (gate)
        {
            var now = environment.Time.GetUtcNow();
            if (!entries.TryGetValue(key, out entry!)) entries.Add(key, entry = Compose(settings, credentials));
            entry.UsedAt = now;
            idle = TakeIdle_NeedsLock(now);
        }
        foreach (var old in idle) await old.CloseAsync();
        return entry.Account;
    }

    public async ValueTask DisposeAsync()
    {
        List<Entry> all;
        lock (gate)
        {
            all = [.. entries.Values];
            entries.Clear();
        }
        foreach (var entry in all) await entry.CloseAsync();
    }

    private List<Entry> TakeIdle_NeedsLock(DateTimeOffset now)
    {
        var keep = entries.Count > Many ? KeepIdleWhenMany : KeepIdle;
        var keys = entries.Where(e => now - e.Value.UsedAt > keep).Select(e => e.Key).ToList();
        var idle = keys.ConvertAll(key => entries[key]);
        foreach (var key in keys) entries.Remove(key);
        return idle;
    }

    /// <summary>Outermost first: repeat and pace, fence (asked before each try), meter (each try that is really made), driver.</summary>
    private Entry Compose(ProviderSettings settings, ProviderCredentials credentials)
    {
        var bare = open(settings, credentials, environment);
        var metered = new MeteredDriver(bare, settings.Provider, environment.Time);
        var fenced = new FencedDriver(metered, environment.Fence);
        var resilience = (environment.Resilience ?? ProviderCatalog.PaceOf(settings)).AtPace(environment.Pace);
        var driver = new ResilientDriver(fenced, $"{settings.Provider} {settings.InventoryScope}", resilience, environment.Time, environment.Logs.CreateLogger<ResilientDriver>());
        return new Entry(bare, new MachineAccount(driver, new Inventory(driver, environment.Installation, environment.Time))
        {
            Firewalls = driver.Firewalls is { } firewalls ? new FirewallInventory(firewalls, environment.Installation, environment.Time) : null,
        });
    }

    private sealed record AccountKey(string Provider, string Scope, string Credentials);

    private sealed class Entry(IMachineDriver bare, MachineAccount account)
    {
        public MachineAccount Account => account;

        public DateTimeOffset UsedAt { get; set; }

        public async Task CloseAsync()
        {
            await account.Inventory.DisposeAsync();
            if (account.Firewalls is { } firewalls) await firewalls.DisposeAsync();
            (bare as IDisposable)?.Dispose();
        }
    }
}

/// <summary>A provider's account in one scope: its driver, and the listing that everybody shares.</summary>
public sealed record MachineAccount(IMachineDriver Driver, Inventory Inventory)
{
    /// <summary>The account's firewalls, listed for everybody as its machines are; null where the provider has none.</summary>
    public FirewallInventory? Firewalls { get; init; }
}
