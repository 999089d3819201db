using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Grids;
using Kontena.Operator.Inventories;
using Kontena.Operator.Providers;
using Kontena.Operator.Providers.Shared;

namespace Kontena.Operator.Tests.Walks;

/// <summary>
/// One operator process, from its start to its death: the product's own wiring, with its informers, inventories and sweeps running on one
/// thread, and its reconciles begun one by one.
/// </summary>
internal sealed class Life : IDisposable
{
    private readonly World world;
    private readonly OneThread thread = new();
    private readonly LifeTime time;
    private readonly Conduct conduct;
    private readonly Random chance;
    private readonly Dictionary<(string Scope, string Credentials), MachineAccount> opened = [];
    private readonly HashSet<AccountInventory> listed = [];
    private readonly HashSet<AccountFirewalls> looked = [];
    private readonly HashSet<GridPoll> polled = [];
    private readonly List<Task> loops = [];
    private readonly SortedSet<(int Controller, ObjectKey Key)> ready = [];
    private Task starting = Task.CompletedTask;
    private Wiring? wiring;
    private bool listens;

    public Life(World world, int number)
    {
        this.world = world;
        time = new LifeTime(world.Time);
        conduct = new Conduct(world);
        Crossing = new Crossing(world, time);
        chance = new Random(number);
    }

    public Crossing Crossing { get; }

    public bool WasLeft => thread.WasLeft;

    /// <summary>It could not start; a real one would be started anew after a while.</summary>
    public bool Failed => starting.IsFaulted;

    public int Begun { get; private set; }

    /// <summary>Keys that could be reconciled now, in a fixed order whatever order they came in.</summary>
    public IReadOnlyCollection<(int Controller, ObjectKey Key)> Ready => ready;

    public void Start() => Do(() => starting = StartAsync());

    /// <summary>Does this and what follows from it.</summary>
    public void Do(Action action)
    {
        thread.Run(action);
        thread.Run(BeginListings);
        Gather();
        if (loops.Find(l => l.IsCompleted) is { } over) world.Violate($"a loop of the operator ended: {over.Exception?.GetBaseException()}");
        if (starting.Exception?.GetBaseException() is { } error and not KubeFault) world.Violate($"the operator did not start: {error}");
    }

    public void Begin((int Controller, ObjectKey Key) item)
    {
        ready.Remove(item);
        Begun++;
        world.Statistics.Reconciles++;
        var controller = wiring!.Controllers[item.Controller];
        world.Story?.Add($"    reconcile {controller.Name} {item.Key}");
        Do(() => _ = ReconcileAsync(item));
    }

    public void Wake(int which)
    {
        if (wiring is null || !listens) return;
        var controller = wiring.Controllers[which % 2];
        List<ObjectKey> keys = [.. (which % 2 == 0 ? wiring.Pools.Store.All.Select(p => p.Metadata.Key) : wiring.Nodes.Store.All.Select(n => n.Metadata.Key)).Order()];
        if (keys.Count > 0) Do(() => controller.Queue.Add(keys[which / 2 % keys.Count]));
    }

    public void Dispose()
    {
        thread.End();
        time.Dispose();
    }

    private async Task StartAsync()
    {
        var api = new WalkedApi(world.Api, Crossing, conduct);
        var surroundings = new Surroundings(time, world.Logs)
        {
            Chance = chance.NextDouble,
            OpenAccount = Open,
            OpenMaster = (_, clock) => new WalkedMaster(world.Realm, clock, Crossing),
            RandomBytes = count =>
            {
                var bytes = new byte[count];
                chance.NextBytes(bytes);
                return bytes;
            },
        };
        wiring = await Wiring.OfAsync(api, new OperatorSettings { LeaderElection = false, Identity = "walker" }, surroundings, CancellationToken.None);
        conduct.Wiring = wiring;
        foreach (var informer in wiring.Informers) loops.Add(informer.RunAsync(CancellationToken.None));
        loops.Add(wiring.Orphans.RunAsync(CancellationToken.None));
        foreach (var informer in wiring.Informers) await informer.WaitForSyncAsync(CancellationToken.None);
        foreach (var controller in wiring.Controllers) controller.Listen();
        listens = true;
    }

    private async Task ReconcileAsync((int Controller, ObjectKey Key) item)
    {
        var controller = wiring!.Controllers[item.Controller];
        conduct.Begin(controller.Name, item.Key);
        await controller.RunOnceAsync(item.Key, CancellationToken.None);
        controller.Queue.Done(item.Key);
    }

    /// <summary>An account is listed from when somebody first asks for it, a grid from when its Grid is first seen.</summary>
    private void BeginListings()
    {
        if (wiring is null) return;
        foreach (var account in wiring.Inventories.Accounts.Where(a => !listed.Contains(a)).OrderBy(a => a.Key.ToString(), StringComparer.Ordinal).ToList())
        {
            listed.Add(account);
            loops.Add(account.RunAsync(CancellationToken.None));
        }
        foreach (var account in wiring.Inventories.FirewallAccounts.Where(a => !looked.Contains(a)).OrderBy(a => a.Key.ToString(), StringComparer.Ordinal).ToList())
        {
            looked.Add(account);
            loops.Add(account.RunAsync(CancellationToken.None));
        }
        foreach (var (poll, health) in wiring.GridHub.Polls.Where(p => !polled.Contains(p.Poll)).OrderBy(p => p.Poll.Key).ToList())
        {
            polled.Add(poll);
            loops.Add(poll.RunAsync(CancellationToken.None));
            loops.Add(health.RunAsync(CancellationToken.None));
        }
    }

    /// <summary>Everything that is ready counts as handed to a worker that has not begun: which begins is the walk's choice.</summary>
    private void Gather()
    {
        if (wiring is null) return;
        for (var i = 0; i < wiring.Controllers.Count; i++)
        {
            var queue = wiring.Controllers[i].Queue;
            while (queue.Depth > 0 && queue.TakeAsync(CancellationToken.None).AsTask() is { IsCompletedSuccessfully: true } taken) ready.Add((i, taken.Result!.Value));
        }
    }

    private ValueTask<MachineAccount> Open(ProviderSettings settings, ProviderCredentials credentials)
    {
        var key = (settings.InventoryScope, credentials.Identity);
        if (!opened.TryGetValue(key, out var account))
        {
            var text = credentials.Data?.GetValueOrDefault(World.CredentialKey) ?? "";
            var keys = Enum.GetValues<Keys>().FirstOrDefault(k => text.StartsWith($"{k}-", StringComparison.Ordinal), Keys.Refused);
            var driver = new WalkedCloud(world.Cloud, world.Realm, world.Time, Crossing, conduct, keys);
            opened[key] = account = new MachineAccount(driver, new Inventory(driver, World.Installation, time));
        }
        return ValueTask.FromResult(account);
    }
}
