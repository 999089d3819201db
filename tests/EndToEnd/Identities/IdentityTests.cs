using System.Text.Json.Nodes;
using Kontena.EndToEnd.Grids;
using Kontena.EndToEnd.Operator;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;

namespace Kontena.EndToEnd.Identities;

/// <summary>What the scenes of node ids have in common.</summary>
public abstract class IdentityTests(SceneEngine engine = SceneEngine.Embedded) : GridTests(engine)
{
    protected const string NodeKind = "KontenaNode";
    protected const string PoolKind = "NodePool";

    /// <summary>Every reason that says that an id is not one machine's alone.</summary>
    private static readonly HashSet<string> ofIds = [.. Enum.GetNames<IdConflictKind>(), IdStanding.SharedWithOthers, IdStanding.ReplacingDoesNotHelp];

    /// <summary>How long a machine may take until its silence is a sign: long enough for one that joins, on a busy computer, too.</summary>
    private static readonly TimeSpan joinDeadline = TimeSpan.FromSeconds(8);

    private protected SceneOptions Impatient(double speed = SceneGrids.UsualSpeed, params IReadOnlyList<string> images)
    {
        var options = Usual.WithGrid(initialSize: 1, speed).WithImages(images);
        return options with { Pace = options.Pace with { JoinDeadline = joinDeadline * speed } };
    }

    protected static Condition? Find(KontenaNode node, string type) => node.Status?.Conditions.FirstOrDefault(c => c.Type == type);

    protected static bool IsBlamed(KontenaNode node) => Find(node, "IDUnique") is { Status: ConditionStatus.False };

    protected static bool IsReady(KontenaNode node) => Find(node, "Ready") is { IsTrue: true };

    private protected static async Task<IReadOnlyList<KontenaNode>> BlamedAsync(OperatorScene scene) => [.. (await scene.Objects.NodesAsync()).Where(IsBlamed)];

    private protected static Task UntilBlamedAsync(OperatorScene scene, int count, TimeSpan? within = null) =>
        scene.Waits.UntilAsync(async () => (await BlamedAsync(scene)).Count == count, $"{count} nodes are said to have the id of another", within);

    /// <summary>Whose entry has the id.</summary>
    private protected static async Task<KontenaNode> HolderAsync(OperatorScene scene, string id)
    {
        var entry = scene.Grids.Entries.Single(e => e.NodeId == id);
        return (await scene.Objects.NodesAsync()).Single(n => entry.Labels.Contains($"kontena-node={n.Metadata.Uid}"));
    }

    private protected static async Task<IReadOnlyList<Event>> EventsAsync(OperatorScene scene, string kind, string reason) =>
        [.. (await scene.Objects.EventsAsync()).Where(e => e.InvolvedObject?.Kind == kind && e.Reason == reason)];

    /// <summary>Names of the objects of which an Event ever said that an id is not one machine's alone.</summary>
    private protected static async Task<IReadOnlyList<string>> EverBlamedAsync(OperatorScene scene, string kind) =>
        [.. (await scene.Objects.EventsAsync()).Where(e => e.InvolvedObject?.Kind == kind && ofIds.Contains(e.Reason ?? "")).Select(e => e.InvolvedObject!.Name!).Distinct(StringComparer.Ordinal)];

    /// <summary>Returns when the operator has seen it: a node that is deleted before that may be replaced as the pool was.</summary>
    private protected static async Task TurnAsync(OperatorScene scene, string pool, JsonObject identity)
    {
        await scene.Objects.EditPoolAsync(pool, new JsonObject { ["identity"] = identity });
        await scene.Waits.UntilAsync(async () => await scene.Objects.PoolAsync(pool) is { } now && now.Status?.ObservedGeneration == now.Metadata.Generation, $"the new identity of {pool} is seen");
    }

    private protected static JsonObject Identity(IdentityMode mode, ConflictAction action) => new() { ["mode"] = mode.ToString(), ["onConflict"] = action.ToString() };

    /// <summary>So many keepalives of the Master are over, at which it would have evicted who is not the newest.</summary>
    private protected static async Task KeepalivesAsync(OperatorScene scene, int count)
    {
        var end = scene.Time.GetUtcNow() + scene.Grids.Kontena.Options.KeepaliveInterval * count;
        await scene.Waits.UntilAsync(() => scene.Time.GetUtcNow() >= end, $"{count} keepalives are over");
    }
}
