using Kontena.EndToEnd.Operator;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Simulator.Kontena;

namespace Kontena.EndToEnd.Identities;

/// <summary>Machines of one image that have one Docker Engine ID: who is told what, and what cures it.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class CloneTests(SceneEngine engine) : IdentityTests(engine)
{
    [Test]
    public async Task TwoClones_WhoCameLaterIsNamedAndKeptOutOfReady_WhoWasFirstStaysReady_AndAChosenIdCuresIt()
    {
        var scene = await PlayGridAsync(Impatient(images: "red"));
        await scene.Grids.PoolAsync("web", 2, s => s.MadeOf("red"));
        await UntilBlamedAsync(scene, 1);
        await scene.Waits.PoolAsync("web", "NodeIDsUnique", "False", "DuplicateID");
        var first = await HolderAsync(scene, CloneImages.IdOf("red"));
        var later = (await BlamedAsync(scene)).Single();
        await scene.Waits.UntilAsync(async () => ConditionOf((await scene.Objects.FindNodeAsync(first.Metadata.Name!))!, "IDUnique").Message.Contains("came later", StringComparison.Ordinal), "who was first is told of the other");
        await AssertToldAsync(scene, first, later);
        await AssertSaidOnceAsync(scene, later.Metadata.Name!);
        await scene.RestartOperatorAsync();
        // The next operator finds what the first one said, since when it was so, and has nothing to add.
        await AssertSaidOnceAsync(scene, later.Metadata.Name!);
        Assert.That(Find((await scene.Objects.FindNodeAsync(later.Metadata.Name!))!, "IDUnique"), Is.EqualTo(Find(later, "IDUnique")));

        await TurnAsync(scene, "web", Identity(IdentityMode.Pinned, ConflictAction.Report));
        await scene.Objects.DeleteNodeAsync(later.Metadata.Name!);
        await GoneAsync(scene, later.Metadata.Name!);
        await scene.Waits.ReadyAsync("web", 2);

        await scene.Waits.PoolAsync("web", "NodeIDsUnique", "True", "Unique");
        await AssertEntriesAreOfNodesAsync(scene);
        Assert.That(scene.Grids.Entries.Select(e => e.NodeId), Is.Unique);
        Assert.That((await scene.Objects.NodesAsync()).Select(n => n.Metadata.Uid), Has.Member(first.Metadata.Uid), "who was first is still there");
        await scene.Waits.UntilAsync(async () => (await EventsAsync(scene, PoolKind, "IDsUnique")).Count == 1, "an Event tells the end");
        Assert.That(await EverBlamedAsync(scene, NodeKind), Is.EqualTo(new[] { later.Metadata.Name }));
    }

    [Test]
    public async Task ClonesInTwoGridsOfAMaster_WhoCameLaterIsNamedAcrossThem_AndBothPoolsSaySo()
    {
        const string staging = "staging";
        var options = Impatient(images: "red");
        var scene = await PlayGridAsync(options with
        {
            Master = options.Master! with
            {
                Grids = [.. options.Master.Grids, new GridOptions { Name = staging, Token = Canary.Of("staging-token") }],
                AccessTokens = [new AccessToken("operator", SceneGrids.AccessToken, MasterRole.GridAdmin, [GridName, staging])],
            },
        });
        await scene.Grids.CreateAsync(staging, s => s with { Name = null });
        await scene.Grids.PoolAsync("web", 1, s => s.MadeOf("red"));
        await scene.Waits.ReadyAsync("web", 1);
        await scene.Grids.PoolAsync("test", 1, s => s.MadeOf("red") with { GridRef = new GridRef { Name = staging } });

        await scene.Waits.NodeAsync("test-0", "DuplicateID");

        var told = ConditionOf((await scene.Objects.FindNodeAsync("test-0"))!, "IDUnique");
        Assert.That(told.Message, Does.Contain($"{scene.Namespace}/web-0 had first").And.Contain(CloneImages.IdOf("red")));
        await scene.Waits.PoolAsync("test", "NodeIDsUnique", "False", "DuplicateID");
        var shared = await scene.Waits.PoolAsync("web", "NodeIDsUnique", "False", "SharedWithOthers");
        Assert.That(shared.Message, Does.Contain($"{scene.Namespace}/test-0"));
        Assert.That(IsReady((await scene.Objects.FindNodeAsync("web-0"))!));
        await scene.Objects.DeletePoolAsync("test");
        await scene.Waits.PoolAsync("web", "NodeIDsUnique", "True", "Unique");
        Assert.That(await EverBlamedAsync(scene, NodeKind), Is.EqualTo(new[] { "test-0" }));
    }

    [Test]
    public async Task ReplaceWithTheSameImage_OneIsReplacedInVain_ThenThePoolSaysSo_AndNoOtherGoes()
    {
        var scene = await PlayGridAsync(Impatient(images: "red"));
        await scene.Grids.PoolAsync("web", 2, s => s.MadeOf("red") with { Identity = new IdentitySpec { Mode = IdentityMode.Engine, OnConflict = ConflictAction.Replace } });

        // Two machines have to be found wanting, one after the other.
        await scene.Waits.UntilAsync(async () => (await scene.Objects.PoolAsync("web")).Status?.Conditions.Any(c => c.Reason == "ReplacingDoesNotHelp") == true, "it is seen that replacing does not help");
        var hopeless = await scene.Waits.PoolAsync("web", "NodeIDsUnique", "False", "ReplacingDoesNotHelp");
        Assert.That(hopeless.Message, Does.Contain("Replacing does not help").And.Contain("spec.identity.mode: Pinned"));
        Assert.That(scene.Machines.Count(), Is.EqualTo(3), "one was replaced");
        await scene.RestartOperatorAsync();
        await scene.Grids.PollsAsync(20);
        Assert.That(scene.Machines.Count(), Is.EqualTo(3), "and no other, by another operator neither");
        await TurnAsync(scene, "web", Identity(IdentityMode.Pinned, ConflictAction.Replace));
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.PoolAsync("web", "NodeIDsUnique", "True", "Unique");
    }

    private static async Task AssertToldAsync(OperatorScene scene, KontenaNode first, KontenaNode later)
    {
        var (id, ready) = (ConditionOf(later, "IDUnique"), ConditionOf(later, "Ready"));
        string[] words =
        [
            $"{scene.Namespace}/{later.Metadata.Name} has the id {CloneImages.IdOf("red")}", $"{scene.Namespace}/{first.Metadata.Name} had first", $"since {id.LastTransitionTime:yyyy-MM-ddTHH:mm}", later.Spec.Attempt!.Image,
            "made after Docker had run", "/etc/docker/key.json", "/var/lib/docker/engine-id", "spec.identity.mode: Pinned", "delete this node",
        ];
        Assert.Multiple(() =>
        {
            foreach (var word in words) Assert.That(id.Message, Does.Contain(word));
            Assert.That((id.Reason, ready.Status, ready.Reason, ready.Message), Is.EqualTo(("DuplicateID", "False", "DuplicateID", id.Message)));
            Assert.That(ConditionOf(later, "Stalled").Status, Is.EqualTo("True"));
        });
        var now = (await scene.Objects.FindNodeAsync(first.Metadata.Name!))!;
        Assert.That((ConditionOf(now, "Ready").Status, ConditionOf(now, "IDUnique").Status, Find(now, "Stalled")), Is.EqualTo(("True", "True", (Condition?)null)));
        Assert.That(ConditionOf(now, "IDUnique").Message, Does.Contain($"{scene.Namespace}/{later.Metadata.Name} came later"));
        Assert.That((await scene.Objects.PoolAsync("web")).Status!.ReadyReplicas, Is.EqualTo(1));
        Assert.That(scene.Grids.Kontena.Rejected.Select(r => (r.Code, r.NodeName)).Distinct(), Is.EqualTo(new[] { (4006, later.Spec.KontenaName) }), "the Master refuses it, and nobody else");
    }

    /// <summary>One Event on the node and one on its pool, and nothing more is said however long it lasts.</summary>
    private static async Task AssertSaidOnceAsync(OperatorScene scene, string later)
    {
        await scene.Waits.UntilAsync(async () => (await EventsAsync(scene, PoolKind, "DuplicateID")).Count > 0, "an Event on the pool");
        await scene.Grids.PollsAsync(5);
        var before = await StandingAsync();
        await scene.Grids.PollsAsync(10);
        Assert.That(await StandingAsync(), Is.EqualTo(before));
        List<Event> said = [.. await EventsAsync(scene, NodeKind, "DuplicateID"), .. await EventsAsync(scene, PoolKind, "DuplicateID")];
        Assert.That(said.Select(e => (e.InvolvedObject!.Name, e.Type, e.Count)), Is.EqualTo(new (string?, string?, int?)[] { (later, "Warning", 1), ("web", "Warning", 1) }), string.Join('\n', said.Select(e => e.Message)));

        async Task<IReadOnlyList<Condition>> StandingAsync() =>
        [
            .. (await scene.Objects.NodesAsync("web")).Select(n => ConditionOf(n, "IDUnique")), .. (await scene.Objects.PoolAsync("web")).Status!.Conditions.Where(c => c.Type == "NodeIDsUnique"),
        ];
    }
}
