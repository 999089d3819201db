using Kontena.EndToEnd.Operator;

namespace Kontena.EndToEnd.Restore;

/// <summary>A namespace is copied to where another operator, with an installation of its own, looks after it; both use one account.</summary>
public sealed class SecondInstallationDrills : RestoreDrills
{
    private const string OtherCluster = "11111111-2222-3333-4444-555555555555";

    [Test]
    public async Task BesideTheOriginal_StandsStill_TakesOverOnlyWhenTold([Values] SceneEngine engine)
    {
        var (original, copy, ids) = await CopyAsync(engine, withRecord: false);
        await copy.StartOperatorAsync();

        var message = await StandsStillAsync(copy, original, "Restored");
        await original.Waits.ReadyAsync("web", 2);
        Assert.That((await copy.Objects.FindInstallationAsync())!.Data!["id"], Is.Not.EqualTo((await original.Objects.FindInstallationAsync())!.Data!["id"]));
        await RunAsync(copy, Commands(message)[0]);

        await AssertTakenOverAsync(copy, original, ids);
        // Both: one that is deleted before it has seen this is refused the termination, and looks again only minutes later.
        foreach (var node in new[] { "web-0", "web-1" }) await original.Waits.NodeAsync(node, "MachineTakenOver");
        await original.Waits.StalledAsync("web", "MachineTakenOver");
        Assert.That(Count(original), Is.EqualTo((2, 2, 0)), "the original makes none in their place by itself");

        await original.Objects.DeletePoolAsync("web");
        await original.Waits.UntilAsync(async () => await original.Objects.FindPoolAsync("web") is null, "the original's pool goes");
        Assert.That(Count(original), Is.EqualTo((2, 2, 0)), "and takes nothing along");
        await AssertDeletingLeavesNothingAsync(copy, original);
    }

    [Test]
    public async Task TheOriginalIsGone_StandsStill_TheToldCommandBringsAllBack([Values] SceneEngine engine)
    {
        var (original, copy, ids) = await CopyAsync(engine, withRecord: false);
        await original.Operator.StopAsync();
        await copy.StartOperatorAsync();

        var message = await StandsStillAsync(copy, original, "Restored");
        await RunAsync(copy, Commands(message)[0]);

        await AssertTakenOverAsync(copy, original, ids);
        Assert.That(Count(original), Is.EqualTo((2, 2, 0)));
        await AssertDeletingLeavesNothingAsync(copy, original);
    }

    /// <summary>The record came along, from a cluster whose kube-system had another UID.</summary>
    [Test]
    public async Task WithTheInstallationsRecord_TwoToldCommands_NoRestart()
    {
        var (original, copy, ids) = await CopyAsync(SceneEngine.Embedded, withRecord: true);
        await original.Operator.StopAsync();
        await copy.Objects.EditInstallationAsync("kubeSystemUID", OtherCluster);
        await copy.StartOperatorAsync();
        var moved = (await copy.Waits.PoolAsync("web", "Stalled", "True", "InstallationMoved")).Message;
        Assert.That(Count(original), Is.EqualTo((2, 2, 0)));

        await RunAsync(copy, Commands(moved)[0]);
        var message = await StandsStillAsync(copy, original, "Restored");
        await RunAsync(copy, Commands(message)[0]);

        await AssertTakenOverAsync(copy, original, ids);
        Assert.That(Count(original), Is.EqualTo((2, 2, 0)));
    }

    [Test]
    public async Task WithTheInstallationsRecord_DroppedAsTold_BecomesAnInstallationOfItsOwn()
    {
        var (original, copy, _) = await CopyAsync(SceneEngine.Embedded, withRecord: true);
        await copy.Objects.EditInstallationAsync("kubeSystemUID", OtherCluster);
        await copy.StartOperatorAsync();
        var moved = (await copy.Waits.PoolAsync("web", "Stalled", "True", "InstallationMoved")).Message;

        await RunAsync(copy, Commands(moved)[1]);
        await StandsStillAsync(copy, original, "Restored");

        Assert.That((await copy.Objects.FindInstallationAsync())!.Data!["id"], Is.Not.EqualTo((await original.Objects.FindInstallationAsync())!.Data!["id"]));
        await original.Waits.ReadyAsync("web", 2);
    }

    private async Task<(OperatorScene Original, OperatorScene Copy, IReadOnlyList<string> Ids)> CopyAsync(SceneEngine engine, bool withRecord)
    {
        var original = await PlayAsync(new SceneOptions { Engine = engine });
        await original.Objects.PoolAsync(original.Cloud, "web", 2);
        await original.Waits.ReadyAsync("web", 2);
        var copy = await OpenAsync(new SceneOptions { Engine = engine });
        await (await Backup.TakeAsync(original)).PutBackAsync(copy, withRecord: withRecord);
        return (original, copy, Ids(original));
    }
}
