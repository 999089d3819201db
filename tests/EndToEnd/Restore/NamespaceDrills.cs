using Kontena.EndToEnd.Operator;

namespace Kontena.EndToEnd.Restore;

/// <summary>One namespace was lost and is made anew from a backup: every object under another UID, in the same installation.</summary>
public sealed class NamespaceDrills : RestoreDrills
{
    [Test]
    public async Task WithItsNodes_StandsStill_TheToldCommandBringsAllBack([Values] SceneEngine engine)
    {
        var scene = await PlayAsync(new SceneOptions { Engine = engine });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);
        var ids = Ids(scene);
        var former = (await scene.Objects.PoolAsync("web")).Metadata.Uid!;
        await LoseAndPutBackAsync(scene, await Backup.TakeAsync(scene));

        var message = await StandsStillAsync(scene, scene, "Restored");
        Assert.That(message, Does.StartWith("3 KontenaNodes here are copies (web-0, web-1, web-2), of the pool that had UID " + former));
        foreach (var copy in new[] { "web-0", "web-1", "web-2" })
            Assert.That(Commands((await scene.Waits.NodeAsync(copy, "Restored")).Message), Does.Contain(Commands(message)[0]));
        await ShowAsync(scene, "kubectl get np,kn", "kubectl describe np web", "kubectl describe kn web-0");
        await RunAsync(scene, Commands(message)[0]);

        await AssertTakenOverAsync(scene, scene, ids);
        await ShowAsync(scene, "kubectl get np,kn", "kubectl get events");
        Assert.That(Count(scene), Is.EqualTo((3, 3, 0)));
        await AssertDeletingLeavesNothingAsync(scene, scene);
    }

    [Test]
    public async Task WithoutItsNodes_StandsStill_TheToldCommandBringsAllBack([Values] SceneEngine engine)
    {
        var scene = await PlayAsync(new SceneOptions { Engine = engine });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        var ids = Ids(scene);
        await LoseAndPutBackAsync(scene, await Backup.TakeAsync(scene), withNodes: false);

        var message = await StandsStillAsync(scene, scene, "UnknownMachines");
        Assert.That(message, Does.Contain(ids[0]).And.Contain(ids[1]));
        await RunAsync(scene, Commands(message)[0]);

        await AssertTakenOverAsync(scene, scene, ids);
        Assert.That(Count(scene), Is.EqualTo((2, 2, 0)));
        Assert.That((await scene.Objects.NodesAsync()).Select(n => n.Spec.Revision), Is.All.EqualTo("adopted"), "nobody knows what they were made from");
        await AssertDeletingLeavesNothingAsync(scene, scene);
    }

    /// <summary>The backup was taken while the nodes were being made; the machines went on.</summary>
    [Test]
    public Task FromTheMiddleOfTheirCreation_NoMachineIsMadeTwice([Values(6, 8, 10, 12, 14)] int write) => MiddleOfCreationAsync(SceneEngine.Embedded, write);

    [TestCase(8)]
    [TestCase(12)]
    public Task FromTheMiddleOfTheirCreation_OnTheRealServer_NoMachineIsMadeTwice(int write) => MiddleOfCreationAsync(SceneEngine.Real, write);

    private async Task MiddleOfCreationAsync(SceneEngine engine, int write)
    {
        var scene = await OpenAsync(new SceneOptions { Engine = engine });
        await scene.Objects.CredentialsAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        var doomed = scene.DoomedApi(write, after: true);
        await scene.StartOperatorAsync(doomed);
        await scene.Waits.UntilAsync(() => doomed.Died.IsCompleted, "it dies");
        await scene.Operator.CrashAsync();
        var backup = await Backup.TakeAsync(scene);
        await scene.StartOperatorAsync();
        await scene.Waits.ReadyAsync("web", 2);
        var ids = Ids(scene);
        TestContext.Out.WriteLine($"backup after write {write}: {string.Join(", ", backup.Nodes.Select(n => $"{n.Metadata.Name} attempt {n.Spec.Attempt?.Number} {n.Spec.ProviderID}"))}");
        await LoseAndPutBackAsync(scene, backup);

        var message = await StandsStillAsync(scene, scene, backup.Nodes.Any(n => n.Spec.Attempt is not null) ? "Restored" : "UnknownMachines");
        await RunAsync(scene, Commands(message)[0]);

        await AssertTakenOverAsync(scene, scene, ids);
        Assert.That(Count(scene), Is.EqualTo((2, 2, 0)));
        await AssertDeletingLeavesNothingAsync(scene, scene);
    }

    [Test]
    public async Task MoreMachinesThanReplicas_SaysSoBefore_ScaledFirstAllStay()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);
        var ids = Ids(scene);
        await LoseAndPutBackAsync(scene, await Backup.TakeAsync(scene), edit: p => p with { Spec = p.Spec with { Replicas = 1 } });

        var message = await StandsStillAsync(scene, scene, "Restored");
        Assert.That(message, Does.Contain("2 would be removed afterwards"));
        await RunAsync(scene, Commands(message)[^1]);
        await RunAsync(scene, Commands(message)[0]);

        await AssertTakenOverAsync(scene, scene, ids);
        Assert.That(Count(scene), Is.EqualTo((3, 3, 0)));
    }

    [Test]
    public async Task Declined_GoesOnWithoutThem_AndTheCopiesGoByTheirOwnToldCommands([Values] SceneEngine engine)
    {
        var scene = await PlayAsync(new SceneOptions { Engine = engine });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        var before = Ids(scene);
        await LoseAndPutBackAsync(scene, await Backup.TakeAsync(scene));

        var message = await StandsStillAsync(scene, scene, "Restored");
        await RunAsync(scene, Commands(message)[1]);
        await scene.Waits.ReadyAsync("web", 2);

        Assert.That(Count(scene), Is.EqualTo((4, 4, 0)));
        Assert.That(Ids(scene), Is.SupersetOf(before));
        foreach (var copy in new[] { "web-0", "web-1" })
        {
            var told = Commands((await scene.Waits.NodeAsync(copy, "Restored")).Message);
            await RunAsync(scene, told[1]);
            await RunAsync(scene, told[2]);
        }
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).Count == 2, "the copies are gone");
        Assert.That(Count(scene), Is.EqualTo((4, 4, 0)));
    }

    [Test]
    public async Task OperatorDiesWhileTakingOver_TheNextFinishes([Range(1, 13, 2)] int write, [Values] bool after)
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        var ids = Ids(scene);
        await LoseAndPutBackAsync(scene, await Backup.TakeAsync(scene));
        var message = await StandsStillAsync(scene, scene, "Restored");
        await scene.Operator.StopAsync();
        await RunAsync(scene, Commands(message)[0]);
        var doomed = scene.DoomedApi(write, after);
        await scene.StartOperatorAsync(doomed);
        await scene.Waits.UntilAsync(() => doomed.Died.IsCompleted, "it dies");
        await scene.Operator.CrashAsync();

        await scene.StartOperatorAsync();

        await AssertTakenOverAsync(scene, scene, ids);
        Assert.That(Count(scene), Is.EqualTo((2, 2, 0)));
    }

    private static async Task LoseAndPutBackAsync(OperatorScene scene, Backup backup, bool withNodes = true, Func<NodePool, NodePool>? edit = null)
    {
        await scene.Operator.StopAsync();
        await Backup.LoseAsync(scene);
        await backup.PutBackAsync(scene, withNodes, edit: edit);
        await scene.StartOperatorAsync();
    }
}
