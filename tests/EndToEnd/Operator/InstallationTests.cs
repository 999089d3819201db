using Kontena.Kubernetes.Resources;
using Kontena.Simulator.Ec2;

namespace Kontena.EndToEnd.Operator;

/// <summary>A restore from backup or a copied cluster must never cost a machine.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class InstallationTests(SceneEngine engine) : OperatorTests(engine)
{
    private const string OtherCluster = "11111111-2222-3333-4444-555555555555";

    [Test]
    public async Task Start_Twice_OneRecord_OneId()
    {
        var scene = await PlayAsync();
        var first = await scene.Objects.FindInstallationAsync();

        await scene.RestartOperatorAsync();

        var second = await scene.Objects.FindInstallationAsync();
        Assert.That(first!.Data!["id"], Has.Length.EqualTo(16));
        Assert.That(second!.Metadata.ResourceVersion, Is.EqualTo(first.Metadata.ResourceVersion));
    }

    [Test]
    public async Task ClusterIsAnother_FrozenWithAdvice_NothingIsCreatedOrDeleted()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Operator.StopAsync();
        var home = (await scene.Objects.FindInstallationAsync())!.Data!["kubeSystemUID"];
        await scene.Objects.EditInstallationAsync("kubeSystemUID", OtherCluster);

        await scene.StartOperatorAsync();
        await scene.Objects.ScaleAsync("web", 3);
        await scene.Objects.DeleteNodeAsync("web-0");
        await scene.Waits.StalledAsync("web", "InstallationMoved");
        await scene.Waits.NodeAsync("web-0", "InstallationMoved");
        await scene.Waits.ListingsAsync(4);

        var stalled = await scene.Waits.PoolAsync("web", "Stalled", "True", "InstallationMoved");
        Assert.That(stalled.Message, Does.Contain("kontena-installation").And.Contain($"kontena.io/adopt={home}"));
        Assert.That(scene.Living, Has.Count.EqualTo(2));
        Assert.That(scene.Ec2.Calls.Count("TerminateInstances"), Is.Zero);
        await scene.Objects.EditInstallationAsync("kubeSystemUID", home);
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Machines.Count(), Is.EqualTo(4));
    }

    [Test]
    public async Task CopiedClusterDeletesItsPool_NoMachineGoes()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Operator.StopAsync();
        await scene.Objects.EditInstallationAsync("kubeSystemUID", OtherCluster);

        await scene.StartOperatorAsync();
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.StalledAsync("web", "InstallationMoved");
        await scene.Waits.ListingsAsync(4);

        Assert.That(scene.Living, Has.Count.EqualTo(2));
        Assert.That(await scene.Objects.NodesAsync(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task RecordLostBesideAttempts_FrozenWithAdvice_MendedGoesOn()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Operator.StopAsync();
        await scene.Objects.DeleteInstallationAsync();

        await scene.StartOperatorAsync();
        await scene.Objects.ScaleAsync("web", 3);
        await scene.Waits.StalledAsync("web", "InstallationLost");
        await scene.Waits.ListingsAsync(4);

        var stalled = await scene.Waits.PoolAsync("web", "Stalled", "True", "InstallationLost");
        Assert.That(stalled.Message, Does.Contain("kontena-installation").And.Contain("create the ConfigMap"));
        Assert.That(await scene.Objects.FindInstallationAsync(), Is.Null, "no new id beside machines of the old one");
        Assert.That((scene.Machines.Count(), scene.Living.Count), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task CopiedNode_IsLeftAlone_AndSaysSo()
    {
        var scene = await PlayAsync();
        var pool = await scene.Objects.PoolAsync(scene.Cloud, "web", 1);
        await scene.Waits.ReadyAsync("web", 1);
        var original = (await scene.Objects.FindNodeAsync("web-0"))!;
        // As a backup tool puts it back: the spec as it was, under a UID of its own.
        var copy = original with
        {
            Metadata = new ObjectMeta { Namespace = scene.Namespace, Name = "web-7", Finalizers = original.Metadata.Finalizers, OwnerReferences = original.Metadata.OwnerReferences, Labels = original.Metadata.Labels },
            Spec = original.Spec with { Ordinal = 7 },
            Status = null,
        };

        await scene.Objects.ScaleAsync("web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Objects.CreateNodeAsync(copy);
        var restored = await scene.Waits.NodeAsync("web-7", "Restored");
        await scene.Objects.DeleteNodeAsync("web-7");
        await scene.Waits.ListingsAsync(4);

        Assert.That(restored.Message, Does.Contain(original.Metadata.Uid));
        Assert.That((await scene.Objects.FindNodeAsync("web-7"))!.Status!.Conditions.Select(c => c.Type), Does.Contain("Stalled"));
        Assert.That(scene.Ec2.Calls.Count("TerminateInstances"), Is.Zero);
        Assert.That(scene.Living, Has.Count.EqualTo(2));
        Assert.That(pool.Metadata.Uid, Is.EqualTo(copy.Spec.PoolUID));
    }

    [Test]
    public async Task UnknownMachinesWithOurMarks_PoolCreatesNothing_UntilTheyAreGone()
    {
        var scene = await PlayAsync();
        var pool = await scene.Objects.PoolAsync(scene.Cloud, "web", 1);
        await scene.Waits.ReadyAsync("web", 1);
        var stranger = scene.Ec2.LaunchForeign(new ForeignInstance
        {
            Tags = new Dictionary<string, string>
            {
                ["kontena-installation"] = (await scene.Objects.FindInstallationAsync())!.Data!["id"],
                ["kontena-pool"] = pool.Metadata.Uid!,
                ["kontena-node"] = "00000000-0000-0000-0000-000000000000",
                ["kontena-attempt"] = "1",
            },
        });
        await scene.Waits.ListingsAsync(3);

        await scene.Objects.ScaleAsync("web", 3);
        await scene.Waits.StalledAsync("web", "UnknownMachines");
        await scene.Waits.ListingsAsync(4);

        var stalled = await scene.Waits.PoolAsync("web", "Stalled", "True", "UnknownMachines");
        Assert.That(stalled.Message, Does.Contain(stranger.Id).And.Contain("terminate them"));
        Assert.That(scene.Machines.Count(), Is.EqualTo(1));
        Assert.That(scene.Ec2.Find(stranger.Id)!.Living, Is.True, "nothing foreign is touched");
        scene.Ec2.TerminateBehindTheBack(stranger.Id);
        await scene.Waits.ReadyAsync("web", 3);
    }

    [Test]
    public async Task LaunchMoreLikeThis_TheCopyIsNotTakenForTheNodesMachine()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 1);
        await scene.Waits.ReadyAsync("web", 1);
        var own = scene.Living.Single();
        var copy = scene.Ec2.LaunchForeign(new ForeignInstance { Tags = own.Tags });
        await scene.Waits.ListingsAsync(3);

        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");

        Assert.That(scene.Ec2.Find(own.Id)!.Living, Is.False);
        Assert.That(scene.Ec2.Find(copy.Id)!.Living, Is.True, "its token is not ours");
    }

    [Test]
    public async Task ForeignMachines_AreNeitherCountedNorTouched()
    {
        var scene = await PlayAsync();
        var foreign = Enumerable.Range(0, 3).Select(_ => scene.Ec2.LaunchForeign(new ForeignInstance { Tags = new Dictionary<string, string> { ["Name"] = "web-0" } }).Id).ToList();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");

        Assert.That(foreign.Select(id => scene.Ec2.Find(id)!.Living), Is.All.True);
    }
}
