using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Resources;
using Kontena.Operator.Tests.Grids;

namespace Kontena.Operator.Tests.Identities;

/// <summary>Machines that share a Docker Engine's id, in the whole operator: who is told what, and what is done about it.</summary>
public sealed class CloneSceneTests
{
    private const string Clone = "CLONED-ID";
    private static readonly ObjectKey poolKey = new(GridScene.Namespace, "web");
    private GridScene scene;
    private JoiningMaster agents;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public void Open()
    {
        scene = new GridScene();
        agents = new JoiningMaster(scene.Master, scene.Cloud, scene.Time) { EngineOf = _ => Clone };
        scene.OpenMaster = (_, _) => agents;
    }

    [TearDown]
    public async Task Close() => await scene.DisposeAsync();

    [Test]
    public async Task Clones_AreNamedAndKeptOutOfReady_AndWhoWasFirstIsNot()
    {
        await BeginAsync(ConflictAction.Report);
        await scene.UntilAsync(() => Blamed().Count == 2, "both clones are found");
        await scene.UntilAsync(() => PoolCondition()?.Message.Contains("And 1 more node.", StringComparison.Ordinal) == true, "the pool says so");
        await scene.UntilAsync(() => First() is { } first && NodeCondition(first, NodeConditions.IDUnique)!.Message.Contains("came later", StringComparison.Ordinal), "so does who was first");

        var first = First()!;
        var blamed = Blamed()[0];
        Assert.Multiple(() =>
        {
            Assert.That(NodeCondition(first, NodeConditions.Ready)!.Status, Is.EqualTo("True"));
            Assert.That((NodeCondition(blamed, NodeConditions.Ready)!.Reason, NodeCondition(blamed, NodeConditions.IDUnique)!.Reason), Is.EqualTo(("DuplicateID", "DuplicateID")));
            Assert.That(NodeCondition(blamed, NodeConditions.IDUnique)!.Message, Does.Contain(Clone).And.Contain($"prod/{first.Metadata.Name} had first").And.Contain("Pinned"));
            Assert.That((PoolCondition()!.Status, PoolCondition()!.Reason), Is.EqualTo(("False", "DuplicateID")));
        });
        await scene.UntilAsync(() => Events("KontenaNode", "DuplicateID").Count == 2 && Events("NodePool", "DuplicateID").Count > 0, "Events tell it");
        Assert.That(Events("KontenaNode", "DuplicateID").Concat(Events("NodePool", "DuplicateID")).Select(e => e.Type), Is.All.EqualTo("Warning"));

        scene.Api.ClearCalls();
        await scene.PassAsync(TimeSpan.FromMinutes(5));
        Assert.That(scene.Api.Writes.Where(w => w.ToString().Contains("kontena", StringComparison.Ordinal)), Is.Empty, "what is told is not told again");
        Assert.That(scene.Cloud.Deleted, Is.Empty);
    }

    [Test]
    public async Task Unique_IsSaidOfAll_AndNobodyWaits()
    {
        agents.EngineOf = machine => $"ENGINE-{machine.ProviderId}";
        await BeginAsync(ConflictAction.Replace);
        await scene.UntilAsync(() => Pool()?.Status?.ReadyReplicas == 3 && PoolCondition() is { IsTrue: true, Reason: "Unique" }, "all are ready");

        Assert.That(Nodes().Select(n => NodeCondition(n, NodeConditions.IDUnique)?.Reason), Is.All.EqualTo("Unique"));
        Assert.That(scene.Cloud.Deleted, Is.Empty);
    }

    [Test]
    public async Task Replace_SameImage_StopsAndSaysThatItDoesNotHelp_AndGoesOnWithChosenIds()
    {
        await BeginAsync(ConflictAction.Replace);
        await scene.UntilAsync(() => scene.Cloud.Deleted.Count == 1, "one is replaced");
        await scene.PassAsync(TimeSpan.FromMinutes(11));
        await scene.UntilAsync(() => PoolCondition()?.Reason == "ReplacingDoesNotHelp", "its successor has the id again");
        await scene.PassAsync(TimeSpan.FromMinutes(20));
        var (deleted, first) = (scene.Cloud.Deleted.Count, First()!.Metadata.Uid);
        Assert.Multiple(() =>
        {
            Assert.That(deleted, Is.EqualTo(1));
            Assert.That(PoolCondition()!.Message, Does.Contain("Replacing does not help: "));
            Assert.That(Pool()!.Status!.Conditions.Any(c => c.Type == PoolConditions.Stalled), Is.True);
        });

        // The chosen id is in the user-data, which these machines do not read.
        agents.EngineOf = machine => Nodes().Find(n => n.Metadata.Uid == machine.Marks!.NodeUid)?.Spec.Attempt?.KontenaNodeID ?? Clone;
        await scene.Api.PatchAsync(KontenaKinds.NodePools, poolKey, Patch.Merge(new() { ["spec"] = new JsonObject { ["identity"] = new JsonObject { ["mode"] = "Pinned", ["onConflict"] = "Replace" } } }), WriteOptions.Default, Ct);
        // One after another: in the small steps of the wait alone a busy machine would not come that far.
        await scene.PassAsync(TimeSpan.FromMinutes(15));
        await scene.UntilAsync(() => PoolCondition() is { IsTrue: true } && Pool()!.Status!.ReadyReplicas == 3, "all have ids of their own");

        Assert.That(scene.Cloud.Deleted, Has.Count.EqualTo(3));
        Assert.That(First()?.Metadata.Uid, Is.EqualTo(first), "who was first is never replaced");
        await scene.UntilAsync(() => Events("NodePool", "IDsUnique").Count == 1, "the end is told");
        Assert.That(Events("NodePool", "IDConflict"), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task MasterDown_TakesNothingBack()
    {
        await BeginAsync(ConflictAction.Report);
        await scene.UntilAsync(() => Blamed().Count == 2, "both clones are found");
        var before = Blamed().Select(n => NodeCondition(n, NodeConditions.IDUnique)!).ToList();
        scene.Master.Fault = new MasterException(MasterFault.Unreachable, "no answer");
        await scene.UntilAsync(() => scene.View().Trouble is not null, "it is noticed");
        await scene.PassAsync(TimeSpan.FromMinutes(10));

        Assert.That(Blamed().Select(n => NodeCondition(n, NodeConditions.IDUnique)), Is.EqualTo(before));
    }

    /// <summary>That a clone never joined is the Master's to say, and that its machine is overdue the cloud's: until both have spoken, what was told stands.</summary>
    [Test]
    public async Task Restart_MasterTellsBeforeTheCloud_TakesNothingBack([Values] bool cloudFails)
    {
        await BeginAsync(ConflictAction.Report);
        await scene.UntilAsync(() => Blamed().Count == 2 && PoolCondition()?.Reason == "DuplicateID", "both clones are found");
        await scene.UntilAsync(() => NodeCondition(First()!, NodeConditions.IDUnique)!.Message.Contains("came later", StringComparison.Ordinal), "who was first is told of them");
        var (told, listings) = (Told(), scene.Cloud.Listings);
        var hold = new TaskCompletionSource();
        scene.Cloud.ListHold = hold.Task;
        if (cloudFails) scene.Cloud.ListFault = new DriverException(DriverFault.Unavailable, "no answer");
        await scene.RestartAsync();
        await scene.UntilAsync(() => scene.View().Last is not null && scene.Cloud.Listings > listings, "the Master has told all");
        await LooksAsync(20);

        // Nothing says any more who came later; that those came later stays said.
        Assert.That(cloudFails ? Told().Where(t => t.Status != ConditionStatus.True) : Told(), Is.EqualTo(cloudFails ? told.Where(t => t.Status != ConditionStatus.True) : told));
        scene.Cloud.ListFault = null;
        hold.SetResult();
        await scene.UntilAsync(() => scene.Logs.Contains("answers: 3 machines", StringComparison.Ordinal), "the cloud has told all");
        await scene.UntilAsync(() => Told().SequenceEqual(told), "it is found again, as it was");
        await LooksAsync(20);
        Assert.That(Told(), Is.EqualTo(told));
    }

    [Test]
    public async Task Nothing_ThatIsSaid_HoldsASecret()
    {
        Canary.Register("the grid's token", scene.Master.Token);
        await BeginAsync(ConflictAction.Report);
        await scene.UntilAsync(() => Blamed().Count == 2, "both clones are found");

        var said = string.Join('\n', [scene.Logs, JsonSerializer.Serialize(scene.Api.PeekAll(KontenaKinds.KontenaNodes)), JsonSerializer.Serialize(scene.Api.PeekAll(KontenaKinds.NodePools)), .. scene.Api.PeekAll(CoreKinds.Event).Select(e => $"{e.Reason} {e.Message}")]);
        Assert.That(said, Does.Contain(Clone));
        Assert.That(Canary.In(said), Is.Empty);
    }

    private async Task BeginAsync(ConflictAction onConflict)
    {
        await scene.CreateSecretAsync();
        await scene.StartAsync();
        await scene.CreateGridAsync();
        await scene.ReadyAsync();
        var pool = Controllers.Samples.Pool("web", Controllers.Samples.Aws(secret: null));
        await scene.Api.CreateAsync(KontenaKinds.NodePools, pool with
        {
            Spec = pool.Spec with { Replicas = 3, GridRef = new GridRef { Name = "prod" }, Identity = new IdentitySpec { Mode = IdentityMode.Engine, OnConflict = onConflict } },
        }, WriteOptions.Default, Ct);
        await scene.UntilAsync(() => scene.Cloud.Machines.Count == 3 && Nodes().Exists(n => n.Status?.JoinedAt is not null), "all machines run, and one has joined");
        await scene.PassAsync(TimeSpan.FromMinutes(10));
    }

    /// <summary>Long enough for a look at the ids, and for what it leads to.</summary>
    private async Task LooksAsync(int count)
    {
        var looks = 0;
        await scene.UntilAsync(() => looks++ > count, "ids are looked at");
    }

    private List<Condition> Told() => [.. Nodes().OrderBy(n => n.Metadata.Name, StringComparer.Ordinal).Select(n => NodeCondition(n, NodeConditions.IDUnique)!), PoolCondition()!];

    private List<KontenaNode> Nodes() => [.. scene.Api.PeekAll(KontenaKinds.KontenaNodes)];

    private NodePool? Pool() => scene.Api.Peek(KontenaKinds.NodePools, poolKey);

    private KontenaNode? First() => Nodes().Find(n => n.Status?.EngineID == Clone);

    private List<KontenaNode> Blamed() => Nodes().FindAll(n => NodeCondition(n, NodeConditions.IDUnique) is { Status: ConditionStatus.False });

    private Condition? PoolCondition() => Pool()?.Status?.Conditions.FirstOrDefault(c => c.Type == PoolConditions.NodeIDsUnique);

    private static Condition? NodeCondition(KontenaNode node, string type) => node.Status?.Conditions.FirstOrDefault(c => c.Type == type);

    private List<Event> Events(string kind, string reason) => [.. scene.Api.PeekAll(CoreKinds.Event).Where(e => e.InvolvedObject?.Kind == kind && e.Reason == reason)];
}
