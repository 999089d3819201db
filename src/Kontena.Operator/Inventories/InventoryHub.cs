using System.Collections.Concurrent;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Inventories;

/// <summary>
/// Owns the inventories of all accounts in use. An account is listed from the first time a pool or node asks for it until the
/// operator stops; listing an account that no pool uses any more costs one call a minute.
/// </summary>
internal sealed class InventoryHub
{
    private readonly InventoryContext context;
    private readonly InventoryContext ofMachines;
    private readonly ConcurrentDictionary<AccountKey, AccountInventory> inventories = [];
    private readonly ConcurrentDictionary<AccountKey, AccountFirewalls> firewalls = [];
    private readonly Lock gate = new();
    private readonly Loops loops = new();

    public InventoryHub(InventoryContext context) => (this.context, ofMachines) = (context, context with { Announce = Announce });

    /// <summary>Every account that anybody has asked for, in no order.</summary>
    internal IEnumerable<AccountInventory> Accounts => inventories.Values;

    /// <summary>Every account whose firewalls anybody has asked for, in no order: for those who run the loops themselves.</summary>
    internal IEnumerable<AccountFirewalls> FirewallAccounts => firewalls.Values;

    public MachineSight Sight(string ns, ProviderSettings settings, string nodeUid) =>
        For(ns, settings).Last?.Of(nodeUid) ?? MachineSight.Nothing;

    public Sightings? Last(string ns, ProviderSettings settings) => For(ns, settings).Last;

    public ProviderSeen Provider(string ns, ProviderSettings settings) => For(ns, settings).Provider;

    /// <summary>The firewalls of an account, listed from now on.</summary>
    public AccountFirewalls Firewalls(string ns, ProviderSettings settings)
    {
        var key = AccountKey.Of(ns, settings);
        return Of(firewalls, key, () => new AccountFirewalls(key, ns, settings, context), account => account.RunAsync);
    }

    public void Expect(string ns, ProviderSettings settings) => For(ns, settings).Expect();

    /// <summary>Lists until cancelled, then joins every inventory. An inventory that ends by itself ends the whole, with its error.</summary>
    public Task RunAsync(CancellationToken ct) => loops.RunAsync(ct);

    private AccountInventory For(string ns, ProviderSettings settings)
    {
        var key = AccountKey.Of(ns, settings);
        return Of(inventories, key, () => new AccountInventory(key, ns, settings, ofMachines), account => account.RunAsync);
    }

    /// <summary>Who lists machines again reaches the account: its firewalls need not wait until their own pause, minutes after a long outage, is over.</summary>
    private void Announce(InventoryNews news)
    {
        if (news.ProviderChanged && inventories.GetValueOrDefault(news.Account)?.Provider is ProviderSeen.Answers && firewalls.GetValueOrDefault(news.Account) is { Said.Trouble: not null } silent) silent.LookNow();
        context.Announce(news);
    }

    /// <summary>Begins the account's loop the first time that it is asked for.</summary>
    private T Of<T>(ConcurrentDictionary<AccountKey, T> running, AccountKey key, Func<T> make, Func<T, Func<CancellationToken, Task>> loop)
    {
        if (running.TryGetValue(key, out var known)) return known;
        lock (gate)
        {
            if (running.TryGetValue(key, out known)) return known;
            var made = running[key] = make();
            loops.Add(loop(made));
            return made;
        }
    }
}
