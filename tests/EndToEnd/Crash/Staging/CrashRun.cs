using System.Diagnostics;
using Kontena.EndToEnd.Crash.Dying;
using Kontena.EndToEnd.Crash.Judging;
using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;
using Kontena.TestKit;

namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>One play of a script: with a fate, an operator is struck by it and another takes over; without, it is a clean run. Always ends with the pool's deletion.</summary>
internal sealed class CrashRun : IAsyncDisposable
{
    private static readonly TimeSpan longest = Eventually.Patience;
    private static readonly TimeSpan missedAfter = TimeSpan.FromMilliseconds(300);

    private readonly Script script;
    private readonly Variant variant;
    private readonly Fate? fate;
    private readonly OperatorScene scene;
    private readonly Witness witness;
    private readonly Followed<NodePool> pools;
    private readonly Followed<KontenaNode> nodes;
    private readonly GridStage? grid;
    private readonly PortsStage ports;
    private readonly User user;
    private readonly CancellationTokenSource over = new();
    private readonly List<Actor> actors = [];
    private Task following = Task.CompletedTask;
    private bool hasActed;

    private CrashRun(Script script, Variant variant, Fate? fate, OperatorScene scene)
    {
        (this.script, this.variant, this.fate, this.scene) = (script, variant, fate, scene);
        witness = new Witness(() => scene.Machines);
        ports = new PortsStage(script, scene);
        pools = new Followed<NodePool>(scene.Api, KontenaKinds.NodePools, scene.Namespace, scene.Time) { Changed = (before, after) => ports.Witness.OfChange(before, after, ApiGroup.PoolFinalizer) };
        nodes = new Followed<KontenaNode>(scene.Api, KontenaKinds.KontenaNodes, scene.Namespace, scene.Time) { Changed = witness.OfChange };
        grid = script.InitialSize is null ? null : new GridStage(scene, variant, ports.Witness);
        user = new User(script, scene, pools, nodes, grid);
    }

    /// <returns>What was seen; a run whose point never came says so.</returns>
    public static async Task<RunReport> PlayAsync(Script script, Variant variant, Fate? fate, CancellationToken ct)
    {
        var brisk = variant.Options(Brisk);
        var options = (script.InitialSize is { } size ? GridStage.Options(brisk, size, variant.Speed) : brisk.AtSpeed(variant.Speed)) with { LeaderElection = variant.ComesBack is not null };
        await using var scene = await OperatorScene.OpenAsync(options, ct);
        await using var run = new CrashRun(script, variant, fate, scene);
        return await run.PlayAsync();
    }

    /// <summary>Machines boot and go in a moment, so that a run is mostly calls.</summary>
    private static SceneOptions Brisk { get; } = new SceneOptions() is var usual ? usual with
    {
        Ec2 = usual.Ec2 with { BootTime = TimeSpan.FromSeconds(0.06), ShutdownTime = TimeSpan.FromSeconds(0.06) },
        Pace = usual.Pace with { Quick = TimeSpan.FromSeconds(0.04), Settled = TimeSpan.FromSeconds(0.2), GridSettled = TimeSpan.FromSeconds(0.2) },
    } : null!;

    public async ValueTask DisposeAsync()
    {
        foreach (var actor in actors) await actor.DisposeAsync();
        await over.CancelAsync();
        await following;
        ports.Dispose();
        over.Dispose();
    }

    private async Task<RunReport> PlayAsync()
    {
        await PrepareAsync();
        var first = NewActor(fate);
        try
        {
            if (!await ActAsync(first)) return new RunReport([], IsMissed: true, []);
            hasActed = true;
            if (fate is not null) await TakeOverAsync(first);
            else first.Process.Log.End();
            await DeleteAsync();
            if (variant.ComesBack == Return.AfterDeletion && fate is not null) await WakeAsync(first);
            await BareAsync();
            return new RunReport(first.Process.Log.Points, IsMissed: false, [.. Violations(first)]);
        }
        catch (TimeoutException e)
        {
            return new RunReport(first.Process.Log.Points, IsMissed: false, [.. Violations(first), e.Message]) { State = ports.Describe(pools.Now) + await scene.Waits.DescribeAsync() };
        }
    }

    private async Task PrepareAsync()
    {
        await scene.Objects.CredentialsAsync();
        await scene.Objects.SecretAsync(Variants.UserDataSecret, new Dictionary<string, string> { ["data"] = "#cloud-config\n" });
        variant.Prepare(scene);
        var made = grid is null ? null : await grid.PrepareAsync();
        ports.Prepare(await user.PrepareAsync(), made);
        await Task.WhenAll(pools.BeginAsync(scene.Ct), nodes.BeginAsync(scene.Ct), grid?.Followed.BeginAsync(scene.Ct) ?? Task.CompletedTask);
        following = Task.WhenAll(pools.RunAsync(over.Token), nodes.RunAsync(over.Token), grid?.Followed.RunAsync(over.Token) ?? Task.CompletedTask);
    }

    /// <summary>Until the first operator is struck, or has done all that was asked.</summary>
    /// <returns>False where it came to neither: such a run says nothing.</returns>
    private async Task<bool> ActAsync(Actor first)
    {
        if (script.Before == 0) first.Process.Log.Begin();
        Enter(first);
        if (script.Before > 0)
        {
            if (!await FurnishAsync(first)) return false;
            ports.Begin();
            first.Process.Log.Begin();
            await user.AskAsync();
        }
        // On a starved machine a leader may lose its lease in passing; such a run says nothing.
        await UntilAsync(() => first.Process.IsStruck || first.HasLostTheLease || IsAsAsked(), $"the first operator is struck, or {script} is done");
        if (fate is null) return IsAsAsked();
        var done = Stopwatch.StartNew();
        await UntilAsync(() => first.Process.IsStruck || done.Elapsed > missedAfter, "the point comes, or does not");
        return first.Process.IsStruck;
    }

    /// <summary>All is there, or gone already, that the script begins with.</summary>
    /// <returns>False where a starved operator lost its lease before.</returns>
    private async Task<bool> FurnishAsync(Actor first)
    {
        await UntilAsync(() => first.HasLostTheLease || IsReady(User.Pool, script.Before, script.Ways), $"{script.Before} nodes are ready before anything happens");
        if (script.HasSecondPool)
        {
            await user.AddSecondPoolAsync();
            await UntilAsync(() => first.HasLostTheLease || IsReady(User.SecondPool, 1, script.Ways), "the second pool is ready before anything happens");
        }
        grid?.Furnish(nodes.Now);
        if (script.Asked is not Asking.GridsEnd) return !first.HasLostTheLease;
        await user.DeletePoolsAsync();
        await UntilAsync(() => first.HasLostTheLease || IsGone(), "the pool is gone before anything happens");
        return IsGone();
    }

    private async Task TakeOverAsync(Actor first)
    {
        if (fate is Fate.Dies) await first.DisposeAsync();
        if (pools.Find(User.Pool) is not null) await variant.AtTheCrash(scene);
        if (variant.DeletesAtTheCrash) await user.DeletePoolsAsync();
        if (grid is not null) await variant.AtTheCrashInGrid(grid, nodes.Now);
        EnterAnother();
        if (grid is not null) await variant.AfterTheCrash(grid, UntilAsync);
        await SettleAsync("the next operator brings about what was asked for");
        if (variant.ComesBack != Return.WhenSettled) return;
        await WakeAsync(first);
        await SettleAsync("all is as asked after the first operator came back");
    }

    /// <summary>As asked, and still so after whoever runs now has listed the machines twice more.</summary>
    private async Task SettleAsync(string what)
    {
        await UntilAsync(() => variant.DeletesAtTheCrash ? IsGone() : IsAsAsked(), what);
        if (IsGone()) return;
        var enough = scene.Ec2.Calls.Count("DescribeInstances") + 2;
        await UntilAsync(() => scene.Ec2.Calls.Count("DescribeInstances") >= enough && IsAsAsked(), $"{what}, and stays so");
        await UntilAsync(async () => (await BootstrapSecretsAsync()).SetEquals(nodes.Now.Select(n => n.Spec.Attempt!.BootstrapRef)), "only the present attempts have a bootstrap Secret");
    }

    private async Task WakeAsync(Actor first)
    {
        if (variant.ComesBack == Return.AfterDeletion && fate is { Moment: Moment.Before, At.Call: { IsMaster: true, Changes: true } }) grid?.OneMayBeLate();
        await first.Process.WakeAsync(TimeSpan.FromSeconds(2));
        // Whoever led must find out by itself; whoever had not begun to lead waits for the lease like any other.
        var until = Stopwatch.StartNew();
        await UntilAsync(() => first.HasEnded || until.Elapsed > TimeSpan.FromSeconds(0.5), "the first operator finds out that it leads no more");
    }

    private async Task DeleteAsync()
    {
        await user.DeletePoolsAsync();
        await UntilAsync(IsGone, "the pool, its nodes and its machines go");
    }

    /// <summary>Nothing is left: what is owned goes with its owner, a moment later; a machine that came too late goes by its tombstone.</summary>
    private async Task BareAsync()
    {
        await UntilAsync(async () => IsGone() && (await BootstrapSecretsAsync()).Count == 0, "no machine, node or bootstrap Secret is left");
        if (grid is not null)
        {
            await UntilAsync(() => grid.IsBare, "no entry of ours is left at the Master, and the slot is free");
            if (!script.EndsGrid) await grid.DeleteAsync();
            await UntilAsync(grid.IsGoneAsync, "the Grid goes, and its Secret may");
        }
        await UntilAsync(() => ports.IsBare, "no group of ours is left");
        await UntilAsync(async () => (await scene.Objects.FindSecretAsync(SceneObjects.CredentialsName))!.Metadata.Finalizers is null or { Count: 0 }, "the credentials Secret may go");
    }

    private async Task<HashSet<string>> BootstrapSecretsAsync() =>
        [.. (await scene.Objects.SecretsAsync()).Where(s => s.Type == "kontena.io/bootstrap").Select(s => s.Metadata.Name!)];

    private IEnumerable<string> Violations(Actor first) =>
    [
        .. witness.Violations,
        .. MachineLaw.Violations([.. scene.Machines], script.Most),
        .. grid?.Violations() ?? [],
        .. ports.Violations(),
        .. first.Process.AfterWaking.Points.Where(p => p.Call.ChangesWorld).Select(p => $"the first operator had lost the lease and made the call: {p}"),
    ];

    private void Enter(Actor actor)
    {
        actors.Add(actor);
        var lag = variant.CacheAge > TimeSpan.Zero && actors.Count > 1;
        actor.Enter(lag ? api => new LaggingApi(api, pools, nodes, variant.CacheAge, scene.Time) : null);
    }

    private void EnterAnother() => Enter(NewActor(null));

    private Actor NewActor(Fate? fate) => new(scene, new MortalProcess(fate, new SuspendableTime(scene.Time)), witness, grid, variant.ListsLate);

    private bool IsAsAsked() => script.After is { } replicas
        ? IsReady(User.Pool, replicas, script.WaysAfter) && (script.Asked is not Asking.SecondPoolsEnd || pools.Now.Count == 1) && nodes.Now.All(n => n.Metadata.Uid != user.Replaced)
        : IsGone() && (!script.EndsGrid || grid!.IsAbsent);

    private bool IsReady(string name, int replicas, IReadOnlyCollection<Way> ways)
    {
        if (pools.Find(name) is not { Status: { } status } pool || status.ObservedGeneration != pool.Metadata.Generation || status.Replicas != replicas) return false;
        if (!status.Conditions.Any(c => c is { Type: "Ready", IsTrue: true })) return false;
        var now = nodes.Now;
        return now.Count(n => n.Spec.PoolName == name) == replicas && now.All(n => n.Spec.ProviderID is not null && n.Status?.Conditions.Any(c => c is { Type: "Ready", IsTrue: true }) == true)
            && scene.Living.Select(m => m.Tags.GetValueOrDefault("kontena-node")).Order().SequenceEqual(now.Select(n => n.Metadata.Uid).Order())
            && grid?.HasJust(now) != false && ports.IsAs(ways, pools.Now);
    }

    private bool IsGone() => pools.Now.Count == 0 && nodes.Now.Count == 0 && scene.Living.Count == 0;

    private Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(15));
        while (!await condition())
        {
            if (watch.Elapsed > longest) throw new TimeoutException($"not within {longest.TotalSeconds} s: {what}");
            if (following.IsCompleted) await following;
            foreach (var actor in actors) await actor.CheckAsync();
            if (grid is not null && variant.ReasonsToDelete.Count > 0) await grid.ObeyAsync(nodes.Now);
            // As whatever runs a deployment does.
            if (hasActed && actors[^1].HasLostTheLease) EnterAnother();
            await timer.WaitForNextTickAsync(scene.Ct);
        }
    }
}
