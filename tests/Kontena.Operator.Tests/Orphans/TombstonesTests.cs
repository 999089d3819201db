using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Controllers.Orphans;
using Kontena.Operator.Core.Orphans;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Operator.Tests.Orphans;

public sealed class TombstonesTests
{
    [Test]
    public async Task Write_LateMachinePossible_KeepsEverythingThatRecognisesIt()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null, attempt: 3);
        await stand.BuryAsync(node, TombstoneKind.Late);
        var map = stand.Api.PeekAll(CoreKinds.ConfigMap).Single();
        var stone = TombstoneDocument.Read(map)!;
        Assert.That(map.Metadata.Key, Is.EqualTo(new ObjectKey("shop", $"kontena-tombstone-{node.Metadata.Uid}")));
        Assert.That(map.Immutable, Is.True);
        Assert.That(map.Metadata.Labels, Is.EqualTo(new Dictionary<string, string> { ["kontena.io/tombstone"] = "Late" }));
        Assert.That((stone.NodeUid, stone.NodeName, stone.PoolName, stone.Attempt, stone.Token), Is.EqualTo((node.Metadata.Uid, "web-0", "web", 3, node.Spec.Attempt!.Token)));
        Assert.That(stone.Provider.Settings.InventoryScope, Is.EqualTo(SweepStand.Aws.InventoryScope));
        Assert.That(stone.Until, Is.EqualTo(stand.Time.GetUtcNow().AddHours(24)));
    }

    [Test]
    public async Task Write_Again_ChangesNothing()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        await stand.BuryAsync(node, TombstoneKind.Late);
        var before = stand.Api.PeekAll(CoreKinds.ConfigMap).Single();
        stand.Time.Advance(TimeSpan.FromMinutes(1));
        await stand.BuryAsync(node, TombstoneKind.Late);
        Assert.That(stand.Api.PeekAll(CoreKinds.ConfigMap).Single().Metadata.Uid, Is.EqualTo(before.Metadata.Uid));
    }

    [Test]
    public async Task Write_AnswerLost_IsFoundWritten()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        stand.Api.LoseAnswer(c => c is { Verb: ApiVerb.Create, Kind: "configmaps" });
        await stand.BuryAsync(node, TombstoneKind.Late);
        Assert.That(stand.Api.PeekAll(CoreKinds.ConfigMap), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Write_GivenUpAfterAll_TakesTheLicenseBack()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        await stand.BuryAsync(node, TombstoneKind.Late);
        await stand.BuryAsync(node, TombstoneKind.GivenUp);
        Assert.That(stand.Api.PeekAll(CoreKinds.ConfigMap).Select(m => TombstoneDocument.Read(m)!.Kind), Is.EqualTo(new[] { TombstoneKind.GivenUp }));
    }

    [Test]
    public async Task Write_NamespaceIsBeingDeleted_GoesToTheOperatorsOwn()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        var status = new KubeStatus { Details = new StatusDetails { Causes = [new StatusCause("NamespaceTerminating", "namespace shop is being terminated", "metadata.namespace")] } };
        stand.Api.Refuse(c => c is { Verb: ApiVerb.Create, Kind: "configmaps", Key.Namespace: "shop" }, () => new KubeFault(FaultReason.Forbidden, "forbidden", status));
        await stand.BuryAsync(node, TombstoneKind.Late);
        var map = stand.Api.PeekAll(CoreKinds.ConfigMap).Single();
        Assert.That((map.Metadata.Namespace, TombstoneDocument.Read(map)!.Namespace), Is.EqualTo(("kube-system", "shop")));
    }

    [Test]
    public async Task Write_Refused_Throws()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        stand.Api.Refuse(c => c is { Verb: ApiVerb.Create, Kind: "configmaps" }, () => new KubeFault(FaultReason.Forbidden, "no right to create ConfigMaps"));
        Assert.That(async () => await stand.Stones.WriteAsync(TombstoneDocument.Of(node, TombstoneKind.Late, "inst-1", stand.Time.GetUtcNow()), CancellationToken.None), Throws.TypeOf<KubeFault>());
    }

    [Test]
    public async Task Read_WhatIsNotAsWritten_IsNoTombstone()
    {
        await using var stand = await SweepStand.StartAsync();
        var node = await stand.AddNodeAsync("web-0", null);
        var map = TombstoneDocument.Write(TombstoneDocument.Of(node, TombstoneKind.Late, "inst-1", stand.Time.GetUtcNow()), "shop");
        Assert.That(TombstoneDocument.Read(map), Is.Not.Null);
        Assert.That(TombstoneDocument.Read(map with { Immutable = null }), Is.Null, "somebody may have edited it");
        Assert.That(TombstoneDocument.Read(map with { Data = null }), Is.Null);
        Assert.That(TombstoneDocument.Read(map with { Metadata = map.Metadata with { Name = "another" } }), Is.Null);
        foreach (var (key, value) in new[] { ("kind", "7"), ("kind", "Other"), ("attempt", "-1"), ("until", "tomorrow"), ("provider", "{}"), ("provider", "{") })
            Assert.That(TombstoneDocument.Read(map with { Data = new Dictionary<string, string>(map.Data!) { [key] = value } }), Is.Null, $"{key}={value}");
    }
}
