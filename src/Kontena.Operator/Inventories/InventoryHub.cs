using System.Collections.Concurrent;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Inventories;

/// <summary>
/// Owns the inventories of all accounts in use. An account is listed from the first time a pool or node asks for it until the
/// operator stops; listing an account that no pool uses any more costs one call a minute.
/// </summary>
internal sealed class InventoryHub(InventoryContext context)
{
    private readonly ConcurrentDictionary<AccountKey, AccountInventory> inventories = [];
    private readonly Lock gate = new();
    private readonly List<Task> running = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken stopped;
    private bool started;

    /// <summary>Every account that anybody has asked for, in no order.</summary>
    internal IEnumerable<AccountInventory> Accounts => inventories.Values;

    public MachineSight Sight(string ns, ProviderSettings settings, string nodeUid) =>
        For(ns, settings).Last?.Of(nodeUid) ?? MachineSight.Nothing;

    public Sightings? Last(string ns, ProviderSettings settings) => For(ns, settings).Last;

    public ProviderSeen Provider(string ns, ProviderSettings settings) => For(ns, settings).Provider;

    public void Expect(string ns, ProviderSettings settings) => For(ns, settings).Expect();

    /// <summary>Lists until cancelled, then joins every inventory. An inventory that ends by itself ends the whole, with its error.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        lock (gate)
        {
            started = true;
            stopped = stop.Token;
            foreach (var inventory in inventories.Values) running.Add(RunAsync(inventory));
        }
        await using var registration = stop.Token.Register(() => ended.TrySetResult());
        try
        {
            await ended.Task;
        }
        finally
        {
            await stop.CancelAsync();
            Task[] all;
            lock (gate) all = [.. running];
            await Task.WhenAll(all);
        }
    }

    private AccountInventory For(string ns, ProviderSettings settings)
    {
        var key = AccountKey.Of(ns, settings);
        if (inventories.TryGetValue(key, out var known)) return known;
        lock (gate)
        {
            if (inventories.TryGetValue(key, out known)) return known;
            var inventory = inventories[key] = new AccountInventory(key, ns, settings, context);
            if (started) running.Add(RunAsync(inventory));
            return inventory;
        }
    }

    private async Task RunAsync(AccountInventory inventory)
    {
        // Off the caller's thread: the first reconcile that asks must not wait for a listing.
        await Task.Yield();
        try
        {
            await inventory.RunAsync(stopped);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // Stopped by its owner.
        }
        // A bug in here must not leave the operator blind and running.
        catch (Exception error)
        {
            ended.TrySetException(error);
        }
    }
}
