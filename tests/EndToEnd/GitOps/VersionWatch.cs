using System.Text.Json.Nodes;
using Kontena.EndToEnd.Operator;
using Kontena.TestKit;
using Kontena.TestKit.Engines;
using Kontena.TestKit.GitOps;

namespace Kontena.EndToEnd.GitOps;

/// <summary>
/// Watches every version of the pools, nodes and Grids of a scene from before there are any, over plain HTTP, and judges each as it comes. What must hold of a
/// version is checked at that moment, while the cloud still is as it was: a scene's next act waits until the watch has shown the last one's outcome.
/// </summary>
internal sealed class VersionWatch : IAsyncDisposable
{
    private readonly OperatorScene scene;
    private readonly ApiHttp http;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<JudgedVersion> versions = [];
    private readonly List<string> lies = [];
    private Task[] running = [];

    private VersionWatch(OperatorScene scene)
    {
        this.scene = scene;
        http = new ApiHttp(ClusterAccess.Read(scene.KubeconfigPath));
    }

    public IReadOnlyList<JudgedVersion> All
    {
        get
        {
            lock (gate) return [.. versions];
        }
    }

    /// <summary>Versions that were <c>Current</c> while the cloud was not as asked for.</summary>
    public IReadOnlyList<string> Lies
    {
        get
        {
            lock (gate) return [.. lies];
        }
    }

    public static async Task<VersionWatch> OpenAsync(OperatorScene scene)
    {
        var watch = new VersionWatch(scene);
        watch.running = [await watch.FollowAsync("nodepools"), await watch.FollowAsync("kontenanodes"), await watch.FollowAsync("grids")];
        return watch;
    }

    /// <summary>Waits until the last version that was shown of this pool satisfies, and the nodes are shown as they are by then.</summary>
    public async Task<JudgedVersion> UntilPoolAsync(string name, Func<JudgedVersion, bool> condition, string what)
    {
        JudgedVersion? last = null;
        await scene.Waits.UntilAsync(async () =>
        {
            if (running.FirstOrDefault(r => r.IsFaulted) is { } broken) await broken;
            last = All.LastOrDefault(v => v.Kind == "NodePool" && v.Name == name);
            return last is not null && condition(last);
        }, what, Eventually.Patience);
        await NodesShownAsync();
        return last!;
    }

    /// <summary>Waits until the last version that was shown of the Grid satisfies.</summary>
    public async Task<JudgedVersion> UntilGridAsync(Func<JudgedVersion, bool> condition, string what)
    {
        JudgedVersion? last = null;
        await scene.Waits.UntilAsync(() => (last = All.LastOrDefault(v => v.Kind == "Grid")) is not null && condition(last), what);
        return last!;
    }

    /// <summary>Waits for this verdict on a pool of so many replicas.</summary>
    public Task<JudgedVersion> UntilPoolAsync(string name, KstatusVerdict verdict, int replicas) => UntilPoolAsync(
        name, v => v.Judgement.Verdict == verdict && (int?)v.Object["spec"]!["replicas"] == replicas, $"pool {name} of {replicas} is {verdict}");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running);
        http.Dispose();
        stop.Dispose();
    }

    private async Task NodesShownAsync()
    {
        var nodes = await scene.Objects.NodesAsync();
        await scene.Waits.UntilAsync(() =>
        {
            var shown = All.Select(v => (v.Uid, Version: (string)v.Object["metadata"]!["resourceVersion"]!)).ToHashSet();
            return nodes.All(n => shown.Contains((n.Metadata.Uid!, n.Metadata.ResourceVersion!)));
        }, "the watch has shown every node");
    }

    private async Task<Task> FollowAsync(string plural)
    {
        var path = $"/apis/kontena.io/v1alpha1/namespaces/{scene.Namespace}/{plural}";
        var version = (string)(await http.GetAsync(path, scene.Ct)).Succeeded()["metadata"]!["resourceVersion"]!;
        return Task.Run(() => ReadAsync(path, version));
    }

    private async Task ReadAsync(string path, string version)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                using var watch = await http.WatchAsync($"{path}?watch=true&timeoutSeconds=8&resourceVersion={version}", stop.Token);
                while (await watch.NextAsync(stop.Token) is { } frame) version = Take(frame);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The scene is over.
        }
    }

    private string Take(JsonObject frame)
    {
        var type = (string)frame["type"]!;
        var resource = frame["object"]!.AsObject();
        if (type is not ("ADDED" or "MODIFIED" or "DELETED")) throw new InvalidOperationException($"An unexpected frame: {frame.ToJsonString()}");
        var version = new JudgedVersion(type, resource, Kstatus.Of(resource));
        var lie = type == "DELETED" || version.Judgement.Verdict != KstatusVerdict.Current ? null : LieOf(version);
        lock (gate)
        {
            versions.Add(version);
            if (lie is not null) lies.Add($"{version}: {lie}");
        }
        return (string)resource["metadata"]!["resourceVersion"]!;
    }

    /// <summary>Asks the cloud itself, and the Master.</summary>
    private string? LieOf(JudgedVersion version)
    {
        if (version.Kind == "Grid") return scene.Grids.Listings > 0 ? null : "the Master has not answered yet";
        return LieOfMachines(version) ?? (version.Object["spec"]!["gridRef"] is null ? null : LieOfEntries(version));
    }

    /// <summary>Whether they have joined: an agent whose Master was away connects anew at a moment of its own, after what the Master said of it before.</summary>
    private string? LieOfEntries(JudgedVersion version)
    {
        var joined = scene.Grids.Entries.Where(e => e.Events.Any(happened => happened.Kind == Simulator.Kontena.NodeEventKind.Updated)).ToList();
        if (version.Kind == "KontenaNode") return joined.Any(e => e.Labels.Contains($"kontena-node={version.Uid}")) ? null : "it has not joined its grid";
        var asked = (int?)version.Object["spec"]!["replicas"];
        var own = joined.Count(e => e.Labels.Contains($"nodepool={scene.Namespace}.{version.Name}"));
        return own == asked ? null : $"{own} nodes have joined, {asked} are asked for";
    }

    private string? LieOfMachines(JudgedVersion version)
    {
        var machines = scene.Machines.Where(m => m.State == Simulator.Ec2.InstanceState.Running).ToList();
        if (version.Kind == "KontenaNode") return machines.Count(m => m.Tags.GetValueOrDefault("kontena-node") == version.Uid) == 1 ? null : "it has no running machine";
        var asked = (int?)version.Object["spec"]!["replicas"];
        var run = machines.Count(m => m.Tags.GetValueOrDefault("kontena-pool") == version.Uid);
        return run == asked ? null : $"{run} machines run, {asked} are asked for";
    }
}
