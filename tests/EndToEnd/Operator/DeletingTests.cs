using System.Text.Json.Nodes;
using Kontena.Operator.Core.Api;
using Kontena.Simulator.Faults;

namespace Kontena.EndToEnd.Operator;

/// <summary>What was made goes again, in the right order, and nothing is left behind.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class DeletingTests(SceneEngine engine) : OperatorTests(engine)
{
    [Test]
    public async Task PoolDeleted_EverythingGoes_NothingIsLeft()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That((await scene.Objects.FindSecretAsync("aws"))!.Metadata.Finalizers, Is.EqualTo(new[] { ApiGroup.InUseFinalizer }));

        await scene.Objects.DeletePoolAsync("web");

        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        Assert.That(await scene.Objects.NodesAsync(), Is.Empty);
        Assert.That(scene.Machines.Select(m => m.State.ToString()), Is.All.EqualTo("Terminated"), "the finalizers fell only after");
        Assert.That((await scene.Objects.FindSecretAsync("aws"))!.Metadata.Finalizers ?? [], Is.Empty);
        await scene.Waits.UntilAsync(async () => !(await scene.Objects.SecretsAsync()).Any(s => s.Type == "kontena.io/bootstrap"), "no bootstrap Secret is left");
        Assert.That(scene.Machines.Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task PoolDeletedWhileItIsMade_NoMachineIsLeft([Values(0, 1, 2, 4)] int calls)
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 5);
        await scene.Waits.UntilAsync(() => scene.Ec2.Calls.Count("RunInstances") >= calls, $"{calls} create calls");

        await scene.Objects.DeletePoolAsync("web");

        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        Assert.That(scene.Living, Is.Empty);
        Assert.That(await scene.Objects.NodesAsync(), Is.Empty);
    }

    [Test]
    public async Task SecretDeletedFirst_IsHeldUntilTheLastMachineIsGone()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        var hold = scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.ServerError, Action = "TerminateInstances" });

        await scene.Objects.DeleteSecretAsync("aws");
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(() => scene.Ec2.Calls.Count("TerminateInstances") >= 2, "termination is tried");

        Assert.That((await scene.Objects.FindSecretAsync("aws"))!.Metadata.IsBeingDeleted, Is.True);
        scene.Ec2.Faults.Remove(hold.Id);
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindSecretAsync("aws") is null, "the Secret goes");
        Assert.That(scene.Living, Is.Empty);
    }

    [Test]
    public async Task NodeGivenUpByAnnotation_GoesWithoutItsMachine_AndTheEventSaysWhatIsLeft()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 1);
        await scene.Waits.ReadyAsync("web", 1);
        var node = (await scene.Objects.FindNodeAsync("web-0"))!;
        scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.Unauthorized, Action = "TerminateInstances" });
        await scene.Objects.ScaleAsync("web", 0);
        await scene.Waits.NodeAsync("web-0", "CredentialsRefused");

        await scene.Objects.AnnotateNodeAsync("web-0", ApiGroup.AbandonAnnotation, node.Metadata.Uid!);

        await scene.Waits.UntilAsync(async () => await scene.Objects.FindNodeAsync("web-0") is null, "the node goes");
        await scene.Waits.UntilAsync(async () => (await scene.Objects.EventsAsync()).Any(e => e.Reason == "Abandoned" && e.Message!.Contains(node.Spec.ProviderID!, StringComparison.Ordinal)), "what is left is told");
        Assert.That(scene.Living, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task TwoPoolsWithOneSecret_IsLetGoWithTheSecond()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "one", 1);
        await scene.Objects.PoolAsync(scene.Cloud, "two", 1);
        await scene.Waits.ReadyAsync("one", 1);
        await scene.Waits.ReadyAsync("two", 1);

        await scene.Objects.DeletePoolAsync("one");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("one") is null, "the first pool goes");
        Assert.That((await scene.Objects.FindSecretAsync("aws"))!.Metadata.Finalizers, Is.EqualTo(new[] { ApiGroup.InUseFinalizer }));

        await scene.Objects.DeletePoolAsync("two");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("two") is null, "the second pool goes");
        Assert.That((await scene.Objects.FindSecretAsync("aws"))!.Metadata.Finalizers ?? [], Is.Empty);
    }

    [Test]
    public async Task PoolMovedToAnotherSecret_BothAreHeld_AndBothAreLetGo()
    {
        var scene = await PlayAsync();
        await scene.Objects.CredentialsAsync("aws-new");
        await scene.Objects.PoolAsync(scene.Cloud, "web", 1);
        await scene.Waits.ReadyAsync("web", 1);

        await scene.Objects.EditAwsAsync("web", new JsonObject { ["credentialsRef"] = new JsonObject { ["name"] = "aws-new" } });
        await scene.Objects.ScaleAsync("web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        foreach (var name in new[] { "aws", "aws-new" })
            Assert.That((await scene.Objects.FindSecretAsync(name))!.Metadata.Finalizers, Is.EqualTo(new[] { ApiGroup.InUseFinalizer }), name);

        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        foreach (var name in new[] { "aws", "aws-new" })
            Assert.That((await scene.Objects.FindSecretAsync(name))!.Metadata.Finalizers ?? [], Is.Empty, name);
        Assert.That(scene.Living, Is.Empty);
    }

    [Test]
    public async Task TerminationRefused_NodeStaysAndSaysWhy_GoesOnByItself()
    {
        var scene = await PlayAsync(Usual.AtSpeed(60));
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.Unauthorized, Action = "TerminateInstances" });

        await scene.Objects.ScaleAsync("web", 1);
        var why = await scene.Waits.NodeAsync("web-1", "CredentialsRefused");

        Assert.That(why.Message, Does.Contain("cannot be removed yet").And.Contain("UnauthorizedOperation"));
        Assert.That(scene.Living, Has.Count.EqualTo(2));
        await scene.Waits.StalledAsync("web", "CredentialsRefused");
        scene.Ec2.Faults.Clear();
        await scene.Waits.ReadyAsync("web", 1);
        Assert.That(scene.Living, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task NodeDeletedWhileItsCreateCallHangs_NoMachineIsLeft()
    {
        var scene = await PlayAsync(Usual.AtSpeed(60));
        scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.LostAnswer, Action = "RunInstances" });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.UntilAsync(() => scene.Machines.Count() == 2, "both machines are made, and no answer came");

        await scene.Objects.DeletePoolAsync("web");

        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        Assert.That(scene.Living, Is.Empty);
        Assert.That(scene.Machines.Count(), Is.EqualTo(2));
    }
}
