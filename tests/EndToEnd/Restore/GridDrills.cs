using Kontena.EndToEnd.Operator;

namespace Kontena.EndToEnd.Restore;

/// <summary>A namespace whose nodes belong to a grid is lost and made anew: machines and entries at the Master are taken over together.</summary>
public sealed class GridDrills : RestoreDrills
{
    [Test]
    public async Task NodesOfAGrid_AreTakenOverWithTheirEntries([Values] bool withNodes)
    {
        var scene = await PlayAsync(new SceneOptions().WithGrid(initialSize: 3));
        await scene.Grids.CreateAsync();
        await scene.Grids.PoolAsync("web", 3);
        await scene.Waits.ReadyAsync("web", 3);
        var (ids, names) = (Ids(scene), scene.Grids.Entries.Select(e => e.Name).ToList());
        var backup = await Backup.TakeAsync(scene);
        await scene.Operator.StopAsync();
        await Backup.LoseAsync(scene);
        // The owners' finalizers went with them: nobody is left who knows of their groups.
        scene.Firewalls.Abandoned = true;
        await backup.PutBackAsync(scene, withNodes);
        await scene.Objects.SecretAsync(SceneGrids.TokenSecret, new Dictionary<string, string> { ["token"] = SceneGrids.AccessToken });
        await scene.StartOperatorAsync();

        var message = await StandsStillAsync(scene, scene, withNodes ? "Restored" : "UnknownMachines");
        Assert.That(scene.Grids.Entries.Select(e => e.Name), Is.EqualTo(names), "nothing is removed at the Master, either");
        await RunAsync(scene, Commands(message)[0]);

        await AssertTakenOverAsync(scene, scene, ids);
        await scene.Waits.UntilAsync(async () =>
        {
            var nodes = await scene.Objects.NodesAsync();
            return scene.Grids.Entries.All(e => nodes.Any(n => n.Spec.KontenaName == e.Name && e.Labels.Contains($"kontena-node={n.Metadata.Uid}")));
        }, "each entry is marked as its new node's");
        Assert.That(scene.Grids.Kontena.Nodes, Has.Count.EqualTo(3), "none was ever made anew");
        Assert.That(scene.Grids.Entries.Select(e => (e.Name, e.Number)), Is.EqualTo(names.Select((name, i) => (name, i + 1))));
        await AssertDeletingLeavesNothingAsync(scene, scene);
        Assert.That(scene.Grids.Entries, Is.Empty);
    }
}
