using System.Text.RegularExpressions;
using Kontena.EndToEnd.Operator;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.Restore;

/// <summary>
/// What the drills have in common: nothing is terminated and nothing is made while the operator stands still, the condition tells the
/// command, and that very command brings everything back.
/// </summary>
public abstract partial class RestoreDrills : OperatorTests
{
    /// <summary>Three rounds of listings later no machine was made and none terminated.</summary>
    private protected static async Task<string> StandsStillAsync(OperatorScene scene, OperatorScene cloud, string reason)
    {
        var (machines, living, ended) = Count(cloud);
        var stalled = await scene.Waits.PoolAsync("web", "Stalled", "True", reason);
        await cloud.Waits.ListingsAsync(4);
        Assert.That(Count(cloud), Is.EqualTo((machines, living, ended)), "machines made, living, terminations asked for");
        return stalled.Message;
    }

    private protected static (int Made, int Living, int Terminations) Count(OperatorScene scene) =>
        (scene.Machines.Count(), scene.Living.Count, scene.Ec2.Calls.Count("TerminateInstances"));

    private protected static IReadOnlyList<string> Ids(OperatorScene scene) => [.. scene.Living.Select(m => m.Id).Order(StringComparer.Ordinal)];

    /// <summary>The commands that a message puts in quotes, in its order.</summary>
    private protected static IReadOnlyList<string> Commands(string message) => [.. Quoted().Matches(message).Select(m => m.Groups["command"].Value)];

    private protected static async Task RunAsync(OperatorScene scene, string command)
    {
        using var kubectl = KubectlClient.Require(scene.KubeconfigPath, scene.Namespace);
        (await kubectl.RunAsync(command.Split(' ')[1..], input: null, environment: null, Ct)).Succeeded();
    }

    /// <summary>What a person sees now, into the test's output: the documentation shows it.</summary>
    private protected static async Task ShowAsync(OperatorScene scene, params string[] commands)
    {
        using var kubectl = KubectlClient.Require(scene.KubeconfigPath, scene.Namespace);
        foreach (var command in commands)
            await TestContext.Out.WriteLineAsync($"$ {command}\n{(await kubectl.RunAsync(command.Split(' ')[1..], input: null, environment: null, Ct)).Succeeded().Output}");
    }

    /// <summary>As many nodes as machines, each machine with the marks of the node that has it, and the consent used up.</summary>
    private protected static async Task AssertTakenOverAsync(OperatorScene scene, OperatorScene cloud, IReadOnlyList<string> ids)
    {
        await scene.Waits.UntilAsync(async () => (await scene.Objects.PoolAsync("web")).Metadata.Annotations?.ContainsKey("kontena.io/adopt") != true, "the annotation goes");
        await scene.Waits.ReadyAsync("web", ids.Count);
        Assert.That(Ids(cloud), Is.EqualTo(ids), "the same machines");
        var pool = await scene.Objects.PoolAsync("web");
        var installation = (await scene.Objects.FindInstallationAsync())!.Data!["id"];
        var nodes = await scene.Objects.NodesAsync();
        Assert.That(nodes, Has.Count.EqualTo(ids.Count));
        foreach (var machine in cloud.Living)
        {
            var node = nodes.Single(n => n.Spec.ProviderID!.EndsWith(machine.Id, StringComparison.Ordinal));
            Assert.That(
                (machine.Tags["kontena-installation"], machine.Tags["kontena-pool"], machine.Tags["kontena-node"]),
                Is.EqualTo((installation, pool.Metadata.Uid, node.Metadata.Uid)));
        }
    }

    /// <summary>What was taken over is the pool's own: it goes with it.</summary>
    private protected static async Task AssertDeletingLeavesNothingAsync(OperatorScene scene, OperatorScene cloud)
    {
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        Assert.That(cloud.Living, Is.Empty);
        Assert.That(await scene.Objects.NodesAsync(), Is.Empty);
    }

    [GeneratedRegex("\"(?<command>kubectl [^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
