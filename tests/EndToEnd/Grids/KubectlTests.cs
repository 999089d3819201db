using Kontena.EndToEnd.Operator;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.Grids;

/// <summary>What <c>kubectl get</c> and <c>describe</c> tell of a grid, by an unmodified kubectl.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class KubectlTests(SceneEngine engine) : GridTests(engine)
{
    [Test]
    public async Task Get_TellsTheStoryOfGridPoolAndNodes()
    {
        var scene = await PlayJoinedAsync(initialSize: 3, replicas: 3);
        await scene.Waits.UntilAsync(async () => (await scene.Grids.FindAsync())!.Status is { Quorum: "3/3", OnlineNodes: 3 }, "the Grid tells of three");
        using var kubectl = KubectlClient.Require(scene.KubeconfigPath, scene.Namespace);

        var grid = await TableAsync(kubectl, "kg");
        Assert.That(grid[0], Is.EqualTo(new[] { "NAME", "MASTER", "VERSION", "NODES", "ONLINE", "INITIAL", "READY", "STATUS", "AGE" }));
        Assert.That(grid[1][..^1], Is.EqualTo(new[] { "demo", scene.Grids.Url, "1.5.4", "3", "3", "3/3", "True", "Answers" }));

        var nodes = await TableAsync(kubectl, "kn");
        Assert.That(nodes.Skip(1).Select(n => $"{n[0]} {n[1]} {n[4]} {n[5]}"), Is.EqualTo(new[] { "web-0 web True Online", "web-1 web True Online", "web-2 web True Online" }));

        var pool = await TableAsync(kubectl, "np");
        Assert.That(pool[1][..^1], Is.EqualTo(new[] { "web", "3", "3", "3", "AllReady" }));
        Assert.That((await kubectl.RunAsync(["get", "kontena"], null, null, Ct)).Succeeded().Output, Does.Contain("grid.kontena.io/demo").And.Contain("nodepool.kontena.io/web").And.Contain("kontenanode.kontena.io/web-2"));
    }

    [Test]
    public async Task WaitAndDescribe_OfAGridWhoseMasterIsAway()
    {
        var scene = await PlayGridAsync();
        using var kubectl = KubectlClient.Require(scene.KubeconfigPath, scene.Namespace);
        (await kubectl.RunAsync(["wait", "kg/demo", "--for=condition=Ready", "--timeout=30s"], null, null, Ct)).Succeeded();
        await scene.Grids.Kontena.StopAsync();
        (await kubectl.RunAsync(["wait", "kg/demo", "--for=condition=MasterReachable=false", "--timeout=30s"], null, null, Ct)).Succeeded();

        var told = (await kubectl.RunAsync(["describe", "kg", "demo"], null, null, Ct)).Succeeded().Output;

        Assert.That(told, Does.Contain("MasterUnreachable").And.Contain(scene.Grids.Kontena.Url.Authority));
        Assert.That(told, Does.Not.Contain(SceneGrids.AccessToken));
    }

    private static async Task<List<string[]>> TableAsync(KubectlClient kubectl, string what) =>
    [
        .. (await kubectl.RunAsync(["get", what], null, null, Ct)).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    ];
}
