using Kontena.EndToEnd.Operator;

namespace Kontena.EndToEnd.Restore;

/// <summary>The API server's data is put back to an earlier copy, in place: the same UIDs, an older state, machines that went on meanwhile.</summary>
public sealed class InPlaceDrills : RestoreDrills
{
    private RewindableServer server = null!;

    [SetUp]
    public async Task StartServerAsync() => server = await RewindableServer.StartAsync(CancellationToken.None);

    [TearDown]
    public async Task StopServerAsync()
    {
        // The scenes' own tear-down looks at the server once more.
        await CheckAndClose();
        await server.DisposeAsync();
    }

    /// <summary>The first attempts found no capacity where there is some by now: a node that repeats its first would get a second machine.</summary>
    [Test]
    public async Task ToTheMiddleOfACreation_EachNodeFindsItsMachineAgain([Range(4, 16, 2)] int write)
    {
        // An attempt that was cut off is settled only minutes later.
        var scene = await OpenAsync(Options().AtSpeed(60));
        await scene.Objects.CredentialsAsync();
        scene.Ec2.SetCapacity("eu-west-1a", "t3.small", 0);
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        var doomed = scene.DoomedApi(write, after: true);
        await scene.StartOperatorAsync(doomed);
        await scene.Waits.UntilAsync(() => doomed.Died.IsCompleted, "it dies");
        await scene.Operator.CrashAsync();
        server.Copy("backup");
        var then = await DescribeAsync(scene);
        await scene.StartOperatorAsync();
        await scene.Waits.ReadyAsync("web", 2);
        var ids = Ids(scene);
        scene.Ec2.SetCapacity("eu-west-1a", "t3.small", null);
        TestContext.Out.WriteLine($"from {await DescribeAsync(scene)}\nback to {then}");

        await RewindAsync(scene);

        if ((await scene.Objects.NodesAsync()).Count < 2)
        {
            var message = await StandsStillAsync(scene, scene, "UnknownMachines");
            await RunAsync(scene, Commands(message)[0]);
        }
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.ListingsAsync(3);
        Assert.That(Ids(scene), Is.EqualTo(ids));
        Assert.That(Count(scene), Is.EqualTo((2, 2, 0)));
        await AssertDeletingLeavesNothingAsync(scene, scene);
    }

    [Test]
    public async Task ToBeforeAScaleUp_TheMachinesWithoutNodesStopTheNext_TheToldCommandBringsThemBack([Values] bool underARunningOperator)
    {
        var scene = await ReadyAsync(2);
        server.Copy("backup");
        await scene.Objects.ScaleAsync("web", 4);
        await scene.Waits.ReadyAsync("web", 4);
        var ids = Ids(scene);

        if (underARunningOperator) await server.RewindAsync("backup", Ct);
        else await RewindAsync(scene);
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).Count == 2, "the data is the earlier one");
        await scene.Objects.ScaleAsync("web", 4);

        var message = await StandsStillAsync(scene, scene, "UnknownMachines");
        await RunAsync(scene, Commands(message)[0]);
        await AssertTakenOverAsync(scene, scene, ids);
        Assert.That(Count(scene), Is.EqualTo((4, 4, 0)));
        await AssertDeletingLeavesNothingAsync(scene, scene);
    }

    [Test]
    public async Task ToBeforeThePoolWasMade_MadeAnewItStandsStill_TheToldCommandBringsThemBack()
    {
        var scene = await OpenAsync(Options());
        await scene.Objects.CredentialsAsync();
        await scene.StartOperatorAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "other", 0);
        await scene.Waits.ReadyAsync("other", 0);
        server.Copy("backup");
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        var ids = Ids(scene);

        await RewindAsync(scene);
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);

        var message = await StandsStillAsync(scene, scene, "UnknownMachines");
        await RunAsync(scene, Commands(message)[0]);
        await AssertTakenOverAsync(scene, scene, ids);
        Assert.That(Count(scene), Is.EqualTo((2, 2, 0)));
    }

    /// <summary>What the data asks for again is made again; what lives stays.</summary>
    [Test]
    public async Task ToBeforeAScaleDown_TheEndedMachinesAreReplaced_NoneIsTerminated()
    {
        var scene = await ReadyAsync(3);
        server.Copy("backup");
        await scene.Objects.ScaleAsync("web", 1);
        await scene.Waits.ReadyAsync("web", 1);
        var (kept, before) = (Ids(scene), Count(scene));

        await RewindAsync(scene);

        await scene.Waits.UntilAsync(async () => scene.Living.Count == 3 && (await scene.Objects.NodesAsync()).All(n => n.Status?.Conditions.Any(c => c is { Type: "Ready", IsTrue: true }) == true), "three live again");
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(Ids(scene), Is.SupersetOf(kept));
        Assert.That(Count(scene), Is.EqualTo((5, 3, before.Terminations)));
    }

    [Test]
    public async Task ToBeforeANodeWasReplaced_TheReplacementHasNoNode_NoneIsTerminated()
    {
        var scene = await ReadyAsync(2);
        server.Copy("backup");
        await scene.Objects.DeleteNodeAsync("web-1");
        await scene.Waits.UntilAsync(() => scene.Machines.Count() == 3 && scene.Living.Count == 2, "it is replaced");
        await scene.Waits.ReadyAsync("web", 2);
        var (ids, before) = (Ids(scene), Count(scene));

        await RewindAsync(scene);

        // web-1 is there again, its machine is not; the machine that took its place has no node.
        var message = await StandsStillAsync(scene, scene, "UnknownMachines");
        await RunAsync(scene, Commands(message)[0]);
        await scene.Waits.UntilAsync(async () => (await scene.Objects.PoolAsync("web")).Metadata.Annotations?.ContainsKey("kontena.io/adopt") != true, "the annotation goes");
        await scene.Waits.ReadyAsync("web", 2);
        Assert.That(Ids(scene), Is.EqualTo(ids));
        Assert.That(Count(scene), Is.EqualTo(before));
    }

    private SceneOptions Options() => new() { Kubeconfig = server.KubeconfigPath };

    private async Task<OperatorScene> ReadyAsync(int replicas)
    {
        var scene = await OpenAsync(Options());
        await scene.Objects.CredentialsAsync();
        await scene.StartOperatorAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", replicas);
        await scene.Waits.ReadyAsync("web", replicas);
        return scene;
    }

    private async Task RewindAsync(OperatorScene scene)
    {
        await scene.Operator.StopAsync();
        await server.RewindAsync("backup", Ct);
        await scene.StartOperatorAsync();
    }

    private static async Task<string> DescribeAsync(OperatorScene scene) =>
        string.Join(", ", (await scene.Objects.NodesAsync()).Select(n => $"{n.Metadata.Name} attempt {n.Spec.Attempt?.Number} {n.Spec.ProviderID}"));
}
