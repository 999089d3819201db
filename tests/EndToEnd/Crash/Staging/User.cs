using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.EndToEnd.Crash.Judging;
using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;

namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>Who asks for what the script says.</summary>
/// <param name="grid">Null: there is none.</param>
internal sealed class User(Script script, OperatorScene scene, Followed<NodePool> pools, Followed<KontenaNode> nodes, GridStage? grid)
{
    public const string Pool = "web";
    public const string SecondPool = "jobs";

    /// <summary>UID of the node that was deleted by hand.</summary>
    public string? Replaced { get; private set; }

    public async Task<NodePool> PrepareAsync()
    {
        var template = new TemplateSpec { UserData = new UserDataSpec { SecretRef = new SecretKeyRef { Name = Variants.UserDataSecret, Key = "data" } } };
        return await scene.Objects.PoolAsync(scene.Cloud, Pool, script.Before > 0 ? script.Before : script.After,
            aws => aws with { InstanceTypes = ["t3.small", "t3a.small"] },
            spec => spec with { Template = template, GridRef = Grid, Network = script.Ways.Count == 0 ? null : new NetworkSpec { Ports = [.. script.Ways.Select(w => w.Spec)] } });
    }

    public Task AddSecondPoolAsync() => scene.Objects.PoolAsync(scene.Cloud, SecondPool, 1, spec: spec => spec with { GridRef = Grid });

    public Task AskAsync() => script.Asked switch
    {
        Asking.Nodes => AskForNodesAsync(),
        Asking.Ports => scene.Objects.EditPoolAsync(Pool, new JsonObject { ["network"] = new JsonObject { ["ports"] = JsonSerializer.SerializeToNode(script.WaysAfter.Select(w => w.Spec).ToList(), KontenaJson.Options) } }),
        Asking.Nothing => Task.CompletedTask,
        Asking.SecondPoolsEnd => scene.Objects.DeletePoolAsync(SecondPool),
        Asking.GridsEnd => grid!.DeleteAsync(),
        Asking.EverythingsEnd => Task.WhenAll(DeletePoolsAsync(), grid!.DeleteAsync()),
        _ => throw new InvalidOperationException($"Nobody knows how to ask for {script.Asked}."),
    };

    /// <summary>Those that nobody deleted yet.</summary>
    public async Task DeletePoolsAsync()
    {
        grid?.EverybodyGoes();
        foreach (var pool in pools.Now.Where(p => !p.Metadata.IsBeingDeleted)) await scene.Objects.DeletePoolAsync(pool.Metadata.Name!);
    }

    private GridRef? Grid => grid is null ? null : new GridRef { Name = GridStage.Name };

    private Task AskForNodesAsync()
    {
        if (script.Replaces is { } ordinal)
        {
            var node = nodes.Now.Single(n => n.Spec.Ordinal == ordinal);
            Replaced = node.Metadata.Uid;
            return scene.Objects.DeleteNodeAsync(node.Metadata.Name!);
        }
        return script.After is { } replicas ? scene.Objects.ScaleAsync(Pool, replicas) : DeletePoolsAsync();
    }
}
