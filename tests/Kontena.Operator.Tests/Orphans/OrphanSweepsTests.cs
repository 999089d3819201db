using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Orphans;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Operator.Tests.Orphans;

public sealed class OrphanSweepsTests
{
    [Test]
    public async Task Sweep_LateMachineOfATombstonedNode_IsRemovedAfterTheSecondSighting()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        await stand.BuryAsync(node, TombstoneKind.Late);
        await stand.RemoveNodeAsync(node);
        stand.Cloud.Add(stand.Machine("aws:///a/i-late", node.Metadata.Uid!));

        Assert.That(await stand.SweepAsync(), Is.EqualTo(SweepStand.Pace.Quick), "the second sighting comes soon");
        Assert.That(stand.Cloud.Deleted, Is.Empty, "one sighting is none");
        await stand.SweepAsync();

        Assert.That(stand.Cloud.Deleted, Is.EqualTo(new[] { "aws:///a/i-late" }));
        Assert.That(stand.Events.Select(e => (e.Regarding, e.Reason)), Is.EqualTo(new[] { ("web", "OrphanLate") }));
        Assert.That(await stand.SweepAsync(), Is.EqualTo(SweepStand.Pace.Settled), "another may come while the tombstone stands");
        Assert.That(stand.Cloud.Deleted, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Sweep_UnprovenSecondMachineOfALivingNode_IsNeverRemoved()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", "aws:///a/i-1");
        stand.Cloud.Add(stand.Machine("aws:///a/i-2", node.Metadata.Uid!) with { Token = null });
        stand.Cloud.Add(stand.Machine("aws:///a/i-1", node.Metadata.Uid!));
        await stand.BuryAsync(node, TombstoneKind.Late);
        for (var sweep = 0; sweep < 3; sweep++) await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Is.Empty);
    }

    [Test]
    public async Task Sweep_TombstoneTakenAwayByHand_RemovesNothing()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        await stand.BuryAsync(node, TombstoneKind.Late);
        await stand.RemoveNodeAsync(node);
        stand.Cloud.Add(stand.Machine("aws:///a/i-late", node.Metadata.Uid!));
        await stand.SweepAsync();
        // The cache does not know yet.
        stand.Api.HoldWatches();
        var stored = stand.Stones.All.Single();
        await stand.Stones.RemoveAsync(stored.Key, stored.Uid, CancellationToken.None);
        await stand.SweepAsync();
        Assert.That(stand.Stones.All, Has.Count.EqualTo(1), "the cache still shows it");
        Assert.That(stand.Cloud.Deleted, Is.Empty);
    }

    [Test]
    public async Task Sweep_ReReadDisagrees_RemovesNothing()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        await stand.BuryAsync(node, TombstoneKind.Late);
        await stand.RemoveNodeAsync(node);
        stand.Cloud.Add(stand.Machine("aws:///a/i-late", node.Metadata.Uid!));
        await stand.SweepAsync();
        stand.Cloud.Finds = m => new Lookup.Found([m with { Marks = null }]);
        await stand.SweepAsync();
        stand.Cloud.Finds = m => new Lookup.Found([m with { Token = "another" }]);
        await stand.SweepAsync();
        stand.Cloud.Finds = _ => new Lookup.Unknown(DriverFault.Unavailable, "503");
        await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Is.Empty);
        stand.Cloud.Finds = null;
        await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Is.EqualTo(new[] { "aws:///a/i-late" }), "what failed is tried again");
    }

    [Test]
    public async Task Sweep_NobodysMachine_IsToldOnceAndNeverRemoved()
    {
        await using var stand = await SweepStand.StartAsync();
        stand.Cloud.Add(stand.Machine("aws:///a/i-1", "nobody"));
        Assert.That(await stand.SweepAsync(), Is.EqualTo(SweepStand.Pace.Sweep));
        for (var sweep = 0; sweep < 3; sweep++) await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Is.Empty);
        Assert.That(stand.Events, Is.EqualTo(new[]
        {
            ("web", "OrphanUnknownNode", "The machine aws:///a/i-1 carries this pool's marks, but its KontenaNode (UID nobody) does not exist. It is not removed: terminate it at the provider if nobody needs it."),
        }));
    }

    [Test]
    public async Task Sweep_GivenUpMachine_IsToldAndNeverRemovedAndKeepsItsTombstone()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", "aws:///a/i-1");
        await stand.BuryAsync(node, TombstoneKind.GivenUp);
        await stand.RemoveNodeAsync(node);
        stand.Cloud.Add(stand.Machine("aws:///a/i-1", node.Metadata.Uid!));
        await stand.SweepAsync();
        stand.Time.Advance(TimeSpan.FromHours(25));
        await stand.SweepAsync();
        await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Is.Empty);
        Assert.That(stand.Events.Select(e => e.Reason).Distinct(), Is.EqualTo(new[] { "OrphanGivenUp" }));
        Assert.That(stand.Api.PeekAll(CoreKinds.ConfigMap), Has.Count.EqualTo(1), "while the machine lives, it stays known");
        await stand.Cloud.DeleteAsync("aws:///a/i-1", SweepStand.Installation, CancellationToken.None);
        await stand.SweepAsync();
        Assert.That(stand.Api.PeekAll(CoreKinds.ConfigMap), Is.Empty);
    }

    [Test]
    public async Task Sweep_Twin_IsCondemnedInWritingThenRemoved()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", "aws:///a/i-2", attempt: 2);
        stand.Cloud.Add(stand.Machine("aws:///a/i-2", node.Metadata.Uid!, attempt: 2));
        stand.Cloud.Add(stand.Machine("aws:///a/i-1", node.Metadata.Uid!, attempt: 1));
        await stand.SweepAsync();
        await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Is.Empty);
        await stand.StoneIsSeenAsync(node.Metadata.Uid!);
        var stone = stand.Stones.All.Single().Stone;
        Assert.That((stone.Kind, stone.Machine, stone.Attempt), Is.EqualTo((TombstoneKind.Twin, "aws:///a/i-1", 1)));
        await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Is.EqualTo(new[] { "aws:///a/i-1" }));
        Assert.That(stand.Events.Select(e => e.Reason), Is.EqualTo(new[] { "OrphanTwin", "OrphanTwin" }));
    }

    [Test]
    public async Task Sweep_ListingFailsBetweenTheSightings_BeginsAnew()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        await stand.BuryAsync(node, TombstoneKind.Late);
        await stand.RemoveNodeAsync(node);
        stand.Cloud.Add(stand.Machine("aws:///a/i-late", node.Metadata.Uid!));
        await stand.SweepAsync();
        stand.Cloud.ListFault = new DriverException(DriverFault.Unavailable, "503");
        await stand.SweepAsync();
        stand.Cloud.ListFault = null;
        await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Is.Empty);
        await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Sweep_NodesCannotBeListed_JudgesNothingAndBeginsAnew()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        await stand.BuryAsync(node, TombstoneKind.Late);
        await stand.RemoveNodeAsync(node);
        stand.Cloud.Add(stand.Machine("aws:///a/i-late", node.Metadata.Uid!));
        await stand.SweepAsync();
        stand.Api.Refuse(c => c is { Verb: ApiVerb.List, Kind: "kontenanodes.kontena.io" }, () => new KubeFault(FaultReason.ServerError, "503"));
        await stand.SweepAsync();
        await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Is.Empty);
        await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Sweep_FrozenOrNotLeading_DoesNothing([Values] bool frozen)
    {
        await using var stand = await SweepStand.StartAsync(frozen ? new Freeze("InstallationMoved", "moved") : null);
        stand.Leads = frozen;
        var node = await stand.AddNodeAsync("web-0", null);
        await stand.BuryAsync(node, TombstoneKind.Late);
        await stand.RemoveNodeAsync(node);
        stand.Cloud.Add(stand.Machine("aws:///a/i-late", node.Metadata.Uid!));
        stand.Cloud.Add(stand.Machine("aws:///a/i-1", "nobody"));
        for (var sweep = 0; sweep < 3; sweep++) await stand.SweepAsync();
        Assert.That(stand.Cloud.Deleted, Is.Empty);
        Assert.That(stand.Events, Is.Empty);
    }

    [Test]
    public async Task Sweep_NothingSuspect_CallsNobody()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", "aws:///a/i-1");
        stand.Cloud.Add(stand.Machine("aws:///a/i-1", node.Metadata.Uid!));
        stand.Api.ClearCalls();
        for (var sweep = 0; sweep < 3; sweep++) Assert.That(await stand.SweepAsync(), Is.EqualTo(SweepStand.Pace.Sweep));
        Assert.That(stand.Api.Calls.Where(c => c.Verb != ApiVerb.Watch), Is.Empty);
    }

    [Test]
    public async Task Sweep_TombstoneIsOver_IsCleared()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        await stand.BuryAsync(node, TombstoneKind.Late);
        stand.Time.Advance(Tombstone.Lasts - TimeSpan.FromMinutes(5));
        await stand.SweepAsync();
        Assert.That(stand.Api.PeekAll(CoreKinds.ConfigMap), Has.Count.EqualTo(1));
        stand.Time.Advance(TimeSpan.FromMinutes(5));
        await stand.SweepAsync();
        Assert.That(stand.Api.PeekAll(CoreKinds.ConfigMap), Is.Empty);
    }

    [Test]
    public async Task Run_TombstonedMachineAppears_IsRemovedWithoutWaitingForTheNextFullRound()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        await stand.BuryAsync(node, TombstoneKind.Late);
        await stand.RemoveNodeAsync(node);
        using var stop = new CancellationTokenSource();
        var running = stand.Sweeps.RunAsync(stop.Token);
        await stand.ListAsync();
        stand.Cloud.Add(stand.Machine("aws:///a/i-late", node.Metadata.Uid!));
        var began = stand.Time.GetUtcNow();
        while (stand.Cloud.Deleted.Count == 0 && stand.Time.GetUtcNow() < began.AddMinutes(10)) await stand.ListAsync();
        Assert.That(stand.Cloud.Deleted, Is.EqualTo(new[] { "aws:///a/i-late" }));
        await stop.CancelAsync();
        await running;
    }
}
