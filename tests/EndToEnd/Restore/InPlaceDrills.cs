using Kontena.EndToEnd.Operator;

namespace Kontena.EndToEnd.Restore;

/// <summary>The API server's data is put back to an earlier copy, in place: the same UIDs, an older state, machines that went on meanwhile.</summary>
public sealed class InPlaceDrills : RestoreDrills
{
    [Test]
    public Task ToTheMiddleOfACreation_EachNodeFindsItsMachineAgain([Range(4, 16, 2)] int write) => OnOwnServerAsync(server => MiddleOfACreationAsync(server, write));

    [Test]
    public Task ToBeforeAScaleUp_TheMachinesWithoutNodesStopTheNext_TheToldCommandBringsThemBack([Values] bool underARunningOperator) =>
        OnOwnServerAsync(server => ScaleUpAsync(server, underARunningOperator));

    [Test]
    public Task ToBeforeThePoolWasMade_MadeAnewItStandsStill_TheToldCommandBringsThemBack() => OnOwnServerAsync(PoolMadeAsync);

    [Test]
    public Task ToBeforeAScaleDown_TheEndedMachinesAreReplaced_NoneIsTerminated() => OnOwnServerAsync(ScaleDownAsync);

    [Test]
    public Task ToBeforeANodeWasReplaced_TheReplacementHasNoNode_NoneIsTerminated() => OnOwnServerAsync(NodeReplacedAsync);

    /// <summary>The same on etcd: a copy of its data, put back under kube-apiserver. All at once, since a control plane takes its time to come and go.</summary>
    [Test]
    public async Task OnTheRealServer_EtcdPutBack_EachDrillHolds()
    {
        Func<RewindableServer, Task>[] drills =
        [
            server => MiddleOfACreationAsync(server, write: 6), server => MiddleOfACreationAsync(server, write: 10), server => MiddleOfACreationAsync(server, write: 14),
            server => ScaleUpAsync(server, underARunningOperator: true), PoolMadeAsync, ScaleDownAsync, NodeReplacedAsync,
        ];
        await using var server = await RewindableReal.StartAsync(Ct);
        var shared = new SharedRewind(server, drills.Length);
        try
        {
            await Task.WhenAll(drills.Select(drill => Task.Run(async () =>
            {
                await using var seat = shared.Seat();
                await drill(seat);
            }, Ct)));
        }
        finally
        {
            // The scenes' own tear-down looks at the server once more.
            await CheckAndClose();
        }
    }

    private async Task OnOwnServerAsync(Func<RewindableServer, Task> drill)
    {
        await using var server = await RewindableEmbedded.StartAsync(Ct);
        try
        {
            await drill(server);
        }
        finally
        {
            await CheckAndClose();
        }
    }

    /// <summary>The first attempts found no capacity where there is some by now: a node that repeats its first would get a second machine.</summary>
    private async Task MiddleOfACreationAsync(RewindableServer server, int write)
    {
        // An attempt that was cut off is settled only minutes later.
        var scene = await OpenAsync(Options(server).AtSpeed(60));
        await scene.Objects.CredentialsAsync();
        scene.Ec2.SetCapacity("eu-west-1a", "t3.small", 0);
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        var doomed = scene.DoomedApi(write, after: true);
        await scene.StartOperatorAsync(doomed);
        await scene.Waits.UntilAsync(() => doomed.Died.IsCompleted, "it dies");
        await scene.Operator.CrashAsync();
        await server.CopyAsync(Ct);
        var then = await DescribeAsync(scene);
        await scene.StartOperatorAsync();
        await scene.Waits.ReadyAsync("web", 2);
        var ids = Ids(scene);
        scene.Ec2.SetCapacity("eu-west-1a", "t3.small", null);
        TestContext.Out.WriteLine($"from {await DescribeAsync(scene)}\nback to {then}");

        await RewindAsync(scene, server);

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

    private async Task ScaleUpAsync(RewindableServer server, bool underARunningOperator)
    {
        var scene = await ReadyAsync(server, 2);
        await server.CopyAsync(Ct);
        await scene.Objects.ScaleAsync("web", 4);
        await scene.Waits.ReadyAsync("web", 4);
        var ids = Ids(scene);

        if (underARunningOperator) await server.RewindAsync(Ct);
        else await RewindAsync(scene, server);
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).Count == 2, "the data is the earlier one");
        await scene.Objects.ScaleAsync("web", 4);

        var message = await StandsStillAsync(scene, scene, "UnknownMachines");
        await RunAsync(scene, Commands(message)[0]);
        await AssertTakenOverAsync(scene, scene, ids);
        Assert.That(Count(scene), Is.EqualTo((4, 4, 0)));
        await AssertDeletingLeavesNothingAsync(scene, scene);
    }

    private async Task PoolMadeAsync(RewindableServer server)
    {
        var scene = await OpenAsync(Options(server));
        await scene.Objects.CredentialsAsync();
        await scene.StartOperatorAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "other", 0);
        await scene.Waits.ReadyAsync("other", 0);
        await server.CopyAsync(Ct);
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        var ids = Ids(scene);

        await RewindAsync(scene, server);
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);

        var message = await StandsStillAsync(scene, scene, "UnknownMachines");
        await RunAsync(scene, Commands(message)[0]);
        await AssertTakenOverAsync(scene, scene, ids);
        Assert.That(Count(scene), Is.EqualTo((2, 2, 0)));
    }

    /// <summary>What the data asks for again is made again; what lives stays.</summary>
    private async Task ScaleDownAsync(RewindableServer server)
    {
        var scene = await ReadyAsync(server, 3);
        await server.CopyAsync(Ct);
        await scene.Objects.ScaleAsync("web", 1);
        await scene.Waits.ReadyAsync("web", 1);
        var (kept, before) = (Ids(scene), Count(scene));

        await RewindAsync(scene, server);

        await scene.Waits.UntilAsync(async () => scene.Living.Count == 3 && (await scene.Objects.NodesAsync()).All(n => n.Status?.Conditions.Any(c => c is { Type: "Ready", IsTrue: true }) == true), "three live again");
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(Ids(scene), Is.SupersetOf(kept));
        Assert.That(Count(scene), Is.EqualTo((5, 3, before.Terminations)));
    }

    private async Task NodeReplacedAsync(RewindableServer server)
    {
        var scene = await ReadyAsync(server, 2);
        await server.CopyAsync(Ct);
        await scene.Objects.DeleteNodeAsync("web-1");
        await scene.Waits.UntilAsync(() => scene.Machines.Count() == 3 && scene.Living.Count == 2, "it is replaced");
        await scene.Waits.ReadyAsync("web", 2);
        var (ids, before) = (Ids(scene), Count(scene));

        await RewindAsync(scene, server);

        // web-1 is there again, its machine is not; the machine that took its place has no node.
        var message = await StandsStillAsync(scene, scene, "UnknownMachines");
        await RunAsync(scene, Commands(message)[0]);
        await scene.Waits.UntilAsync(async () => (await scene.Objects.PoolAsync("web")).Metadata.Annotations?.ContainsKey("kontena.io/adopt") != true, "the annotation goes");
        await scene.Waits.ReadyAsync("web", 2);
        Assert.That(Ids(scene), Is.EqualTo(ids));
        Assert.That(Count(scene), Is.EqualTo(before));
    }

    private static SceneOptions Options(RewindableServer server) => new() { Engine = server.Engine, Kubeconfig = server.KubeconfigPath };

    private async Task<OperatorScene> ReadyAsync(RewindableServer server, int replicas)
    {
        var scene = await OpenAsync(Options(server));
        await scene.Objects.CredentialsAsync();
        await scene.StartOperatorAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", replicas);
        await scene.Waits.ReadyAsync("web", replicas);
        return scene;
    }

    private static async Task RewindAsync(OperatorScene scene, RewindableServer server)
    {
        await scene.Operator.StopAsync();
        await server.RewindAsync(Ct);
        await scene.StartOperatorAsync();
    }

    private static async Task<string> DescribeAsync(OperatorScene scene) =>
        string.Join(", ", (await scene.Objects.NodesAsync()).Select(n => $"{n.Metadata.Name} attempt {n.Spec.Attempt?.Number} {n.Spec.ProviderID}"));
}
