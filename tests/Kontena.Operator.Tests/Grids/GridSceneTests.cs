using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Grids;
using Kontena.Operator.Resources;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Operator.Tests.Grids;

/// <summary>Grids in the whole operator: what is held, told and let go, and when.</summary>
public sealed class GridSceneTests
{
    private GridScene scene;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public void Open() => scene = new GridScene();

    [TearDown]
    public async Task Close() => await scene.DisposeAsync();

    [Test]
    public async Task NewGrid_IsHeldWithItsSecretsBeforeItIsReady_AndThenQuiet()
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        await scene.CreateGridAsync();
        await scene.ReadyAsync();

        Assert.That(scene.Grid()!.Metadata.Finalizers, Is.EqualTo(new[] { ApiGroup.GridFinalizer }));
        Assert.That(HeldByGrid.Of(scene.Grid()!), Is.EqualTo(new[] { "master" }));
        Assert.That(scene.IsHeld());
        var writes = scene.Api.Writes.Where(w => w.Kind is "grids.kontena.io" or "secrets").Select(w => $"{w.Verb} {w.Kind} {w.Subresource}").ToList();
        Assert.That(writes.FindIndex(w => w == "Patch grids.kontena.io "), Is.LessThan(writes.FindIndex(w => w == "Patch secrets ")), "remembered before it is held");

        await scene.PassAsync(TimeSpan.FromSeconds(30));
        scene.Api.ClearCalls();
        var (lists, lines) = (scene.Master.Count("list"), scene.Logs.Length);
        await scene.PassAsync(TimeSpan.FromMinutes(5));
        Assert.That(scene.Api.Writes.Where(w => w.Kind != "events"), Is.Empty);
        Assert.That(scene.Logs, Has.Length.EqualTo(lines));
        Assert.That(scene.Master.Count("list") - lists, Is.InRange(5, 11), "twice a minute");
    }

    [Test]
    public async Task SecretComesLate_TheMessageHasTheCommand_AndItGoesOnByItself()
    {
        await scene.StartAsync();
        await scene.CreateGridAsync();
        await scene.StalledAsync(GridReasons.TokenMissing);
        Assert.That(scene.Condition(GridConditions.Ready)!.Message, Does.Contain("kubectl create secret generic master -n prod --from-literal=token="));
        Assert.That(scene.Grid()!.Metadata.Finalizers, Is.EqualTo(new[] { ApiGroup.GridFinalizer }), "a Secret that is missing is no reason to vanish");

        await scene.CreateSecretAsync();
        await scene.ReadyAsync();
        await scene.UntilAsync(() => scene.IsHeld(), "the Secret is held");
    }

    [Test]
    public async Task Deleted_WaitsForItsNodes_ThenLetsTheSecretGoFirst()
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        await scene.CreateGridAsync();
        await scene.ReadyAsync();
        await scene.CreateNodeAsync("web-0");
        await scene.UntilAsync(() => scene.Hub.View(GridScene.Namespace, "prod").Exists, "seen");
        await scene.DeleteGridAsync();
        await scene.UntilAsync(() => scene.Condition(GridConditions.Ready)?.Message.Contains("web-0", StringComparison.Ordinal) == true, "it says for which node it waits");
        await scene.PassAsync(TimeSpan.FromMinutes(1));
        Assert.That((scene.Grid() is not null, scene.IsHeld(), scene.View().Holds?.Reason), Is.EqualTo((true, true, GridReasons.GridDeleted)));

        await scene.RemoveNodeAsync("web-0");
        await scene.UntilAsync(() => scene.Grid() is null, "the Grid goes");
        Assert.That(scene.IsHeld(), Is.False);
        await scene.UntilAsync(() => scene.View().Holds?.Reason == GridReasons.GridMissing, "everybody knows");
    }

    [Test]
    public async Task SharedSecret_IsLetGoByTheLast([Values] bool atOnce)
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        await scene.CreateGridAsync("one", s => s with { Name = "one" });
        await scene.CreateGridAsync("two", s => s with { Master = s.Master with { Url = "https://other.example.com" } });
        await scene.UntilAsync(() => scene.IsHeld() && new[] { "one", "two" }.All(n => HeldByGrid.IsComplete(scene.Grid(n)!)), "both hold it");

        await scene.DeleteGridAsync("one");
        if (!atOnce)
        {
            await scene.UntilAsync(() => scene.Grid("one") is null, "one goes");
            Assert.That(scene.IsHeld());
        }
        await scene.DeleteGridAsync("two");
        await scene.UntilAsync(() => scene.Grid("one") is null && scene.Grid("two") is null, "both go");
        Assert.That(scene.IsHeld(), Is.False);
    }

    [Test]
    public async Task TokenMoves_TheOldSecretIsLetGo_TheNewOneHeld()
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        await scene.CreateSecretAsync("newer");
        var grid = await scene.CreateGridAsync();
        await scene.ReadyAsync();
        var stored = scene.Grid()!;
        await scene.Api.UpdateAsync(KontenaKinds.Grids, stored with { Spec = grid.Spec with { Master = grid.Spec.Master with { TokenRef = new TokenRef { Name = "newer" } } } }, WriteOptions.Default, Ct);

        await scene.UntilAsync(() => !scene.IsHeld() && scene.IsHeld("newer"), "the hold moves");
        await scene.UntilAsync(() => HeldByGrid.Of(scene.Grid()!).SequenceEqual(["newer"]), "the old one is forgotten");
    }

    [Test]
    public async Task SecondGridForTheSame_IsStalledUntilTheFirstGoes()
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        await scene.CreateGridAsync();
        await scene.ReadyAsync();
        scene.Time.Advance(TimeSpan.FromSeconds(2));
        await scene.CreateGridAsync("again", s => s with { Name = "prod", Master = s.Master with { Url = "https://MASTER.example.com:443/" } });
        await scene.StalledAsync(GridReasons.GridClaimed, "again");
        Assert.That(scene.Condition(GridConditions.Ready, "again")!.Message, Does.Contain("prod/prod"));
        Assert.That(scene.View().Holds, Is.Null);

        await scene.DeleteGridAsync();
        await scene.ReadyAsync("again");
        Assert.That(scene.View("again").Holds, Is.Null);
    }

    [Test]
    public async Task AnotherGridOfTheName_IsNotBelieved([Values] bool empty)
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        scene.Master.Nodes = [Node("web-0")];
        await scene.CreateGridAsync();
        await scene.ReadyAsync();
        scene.Master.Token = Canary.Of("another-grid-token-" + new string('x', 40));
        scene.Master.Nodes = empty ? [] : [Node("stranger")];

        await scene.StalledAsync(GridReasons.OtherGrid);
        Assert.That(scene.View().Last!.Nodes.Select(n => n.Name), Is.EqualTo(new[] { "web-0" }));
        Assert.That(() => scene.Hub.OpenAsync(GridScene.Namespace, "prod", Ct), Throws.TypeOf<MasterException>().With.Property("Reason").EqualTo(GridReasons.OtherGrid));

        scene.Master.Token = MasterStand.GridToken;
        await scene.ReadyAsync();
    }

    [Test]
    public async Task MasterGoesAway_NodesStayKnown_AndItComesBackByItself()
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        scene.Master.Nodes = [Node("web-0")];
        await scene.CreateGridAsync();
        await scene.ReadyAsync();
        scene.Master.Fault = new MasterException(MasterFault.Unreachable, "Listing nodes: nobody answers.");
        await scene.UntilAsync(() => scene.Condition(GridConditions.MasterReachable)?.Reason == "MasterUnreachable", "it is told");
        Assert.That((scene.View().Last!.Nodes.Single().Name, scene.View().Holds), Is.EqualTo(("web-0", (Core.Nodes.Freeze?)null)));
        scene.Api.ClearCalls();
        await scene.PassAsync(TimeSpan.FromMinutes(3));
        Assert.That(scene.Api.Writes.Where(w => w.Kind == "grids.kontena.io"), Is.Empty, "told once");

        scene.Master.Fault = null;
        await scene.ReadyAsync();
    }

    [Test]
    public async Task OldMaster_IsShownAndHoldsNodesBack()
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        scene.Master.Version = "1.3.5";
        await scene.CreateGridAsync();
        await scene.StalledAsync(GridReasons.MasterTooOld);
        Assert.That(scene.Grid()!.Status!.MasterVersion, Is.EqualTo("1.3.5"));
    }

    [Test]
    public async Task TrustedSubnets_AreWrittenOnce_AndARefusalIsNotRepeatedWithEveryPoll()
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        var grid = await scene.CreateGridAsync(change: s => s with { TrustedSubnets = ["10.0.0.0/8"] });
        await scene.UntilAsync(() => scene.Master.Subnets.Count == 1, "they are written");
        await scene.ReadyAsync();
        await scene.PassAsync(TimeSpan.FromMinutes(2));
        Assert.That(scene.Master.Count("subnets"), Is.EqualTo(1));

        scene.Master.SubnetsFault = new MasterException(MasterFault.Refused, "Setting the trusted subnets: the Master refuses (HTTP 422: Invalid trusted_subnet).") { Field = "trusted_subnets" };
        await scene.Api.UpdateAsync(KontenaKinds.Grids, scene.Grid()! with { Spec = grid.Spec with { TrustedSubnets = ["10.0.0.0/9"] } }, WriteOptions.Default, Ct);
        await scene.StalledAsync("TrustedSubnetsRefused");
        await scene.PassAsync(TimeSpan.FromMinutes(2));
        Assert.That(scene.Master.Count("subnets"), Is.EqualTo(2));
    }

    [Test]
    public async Task Slot_IsOneHoldersAtATime_AndFreedWhenThatOneIsGone()
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        await scene.CreateGridAsync();
        await scene.ReadyAsync();
        var slots = new GridSlots(scene.Api);
        var node = await scene.CreateNodeAsync("web-0");
        var (one, two) = (Slot(node.Metadata.Uid!, "web-0"), Slot("another-uid", "web-1"));

        Assert.That(await TakeAsync(slots, one), Is.True);
        Assert.That(await TakeAsync(slots, one), Is.True, "again");
        Assert.That(await TakeAsync(slots, two), Is.False);
        await slots.ReleaseAsync(GridScene.Namespace, "prod", "another-uid", Ct);
        Assert.That(scene.Grid()!.Status!.Replacing, Is.EqualTo(one), "it was not that one's to give back");
        await scene.UntilAsync(() => scene.View().Slot == one, "everybody sees it");
        await scene.PassAsync(TimeSpan.FromMinutes(1));
        Assert.That(scene.Grid()!.Status!.Replacing, Is.EqualTo(one), "the status keeps it");

        await scene.RemoveNodeAsync("web-0");
        await scene.UntilAsync(() => scene.Grid()!.Status!.Replacing is null, "it is freed");
        Assert.That(await TakeAsync(slots, two), Is.True);
        await slots.ReleaseAsync(GridScene.Namespace, "prod", "another-uid", Ct);
        Assert.That(scene.Grid()!.Status!.Replacing, Is.Null);
        Assert.That(await slots.TakeAsync(GridScene.Namespace, "nowhere", one, Ct), Is.False);
    }

    [Test]
    public async Task Slot_TwoAtOnceAndALostAnswer_OneHasIt()
    {
        await scene.CreateGridAsync();
        var slots = new GridSlots(scene.Api);
        scene.Api.LoseAnswer(c => c is { Verb: ApiVerb.Update, Subresource: "status" });
        var taken = await Task.WhenAll(TakeAsync(slots, Slot("u1", "web-0")), TakeAsync(slots, Slot("u2", "web-1")));
        Assert.That(taken.Count(t => t), Is.EqualTo(1));
        Assert.That(scene.Grid()!.Status!.Replacing!.NodeUID, Is.EqualTo(taken[0] ? "u1" : "u2"));
    }

    [Test]
    public async Task PoolOfAMissingGrid_WaitsAndSaysSo()
    {
        await scene.StartAsync();
        var pool = Controllers.Samples.Pool("web", Controllers.Samples.Aws(secret: null));
        await scene.Api.CreateAsync(KontenaKinds.NodePools, pool with { Spec = pool.Spec with { GridRef = new GridRef { Name = "prod" } } }, WriteOptions.Default, Ct);
        await scene.UntilAsync(() => PoolReason() == GridReasons.GridMissing, "the pool waits");

        await scene.CreateSecretAsync();
        await scene.CreateGridAsync();
        await scene.UntilAsync(() => scene.Api.PeekAll(KontenaKinds.KontenaNodes).Count == 1, "the pool goes on");
        var node = scene.Api.PeekAll(KontenaKinds.KontenaNodes).Single().Spec;
        Assert.That((node.GridRef, node.Identity, node.Ipsec), Is.EqualTo((new GridRef { Name = "prod" }, IdentityMode.Pinned, IpsecMode.Preferred)));

        string? PoolReason() => scene.Api.Peek(KontenaKinds.NodePools, new ObjectKey(GridScene.Namespace, "web"))?.Status?.Conditions.FirstOrDefault(c => c.Type == PoolConditions.GridReady)?.Reason;
    }

    [Test]
    public async Task Health_OfMembersInRotation_AndOfWhomSomebodyAsksFor()
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        scene.Master.Nodes = [Node("a", 1), Node("b", 2), Node("c", 3), Node("d", 4)];
        scene.Master.Health["b"] = new NodeHealth(false, null);
        await scene.CreateGridAsync();
        await scene.UntilAsync(() => scene.View().Health.Count == 3, "every member was asked soon");
        await scene.UntilAsync(() => scene.Condition(GridConditions.QuorumHealthy)?.Reason == "Degraded", "the sick one is told");
        Assert.That(scene.Master.Count("health d"), Is.Zero);

        scene.Hub.AskHealth(GridScene.Namespace, "prod", "d");
        await scene.UntilAsync(() => scene.View().Health.ContainsKey("d"), "the asked one was asked");
        var (before, since) = (scene.Master.Calls.Count(c => c.StartsWith("health", StringComparison.Ordinal)), scene.Time.GetUtcNow());
        await scene.PassAsync(TimeSpan.FromMinutes(3));
        Assert.That(scene.Master.Calls.Count(c => c.StartsWith("health", StringComparison.Ordinal)) - before, Is.LessThanOrEqualTo((scene.Time.GetUtcNow() - since).TotalSeconds / 30 + 1));
    }

    [Test]
    public async Task Expect_PollsQuicklyForAWhile()
    {
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        await scene.CreateGridAsync();
        await scene.ReadyAsync();
        var before = scene.Master.Count("list");
        scene.Hub.Expect(GridScene.Namespace, "prod");
        await scene.UntilAsync(() => scene.Master.Count("list") - before >= 10, "quick polls");
        await scene.PassAsync(TimeSpan.FromMinutes(1));
        before = scene.Master.Count("list");
        await scene.PassAsync(TimeSpan.FromMinutes(2));
        Assert.That(scene.Master.Count("list") - before, Is.LessThanOrEqualTo(5));
    }

    private static MasterNode Node(string name, int number = 1) => new() { Name = name, Status = MasterNodeStatus.Online, Connected = true, Number = number, InitialMember = number <= 3 };

    private static GridSlot Slot(string uid, string name) => new() { NodeUID = uid, Name = name, Number = 1, Since = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };

    private static Task<bool> TakeAsync(GridSlots slots, GridSlot slot) => slots.TakeAsync(GridScene.Namespace, "prod", slot, Ct);
}
