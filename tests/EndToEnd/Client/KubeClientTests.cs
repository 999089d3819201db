using System.Text.Json.Nodes;
using Kontena.EndToEnd.Engines;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Client.Config;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Client;

/// <summary>Our client against the engines themselves: what its own tests script, said by the real thing.</summary>
[TestFixtureSource(typeof(EndToEndEngines), nameof(EndToEndEngines.All))]
public sealed class KubeClientTests(EngineKind engine)
{
    private static readonly ResourceKind<NodePool> Pools = KontenaKinds.NodePools;
    private KubeClient api = null!; // made before each test
    private string space = "";

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    private ObjectKey Web => new(space, "web");

    [SetUp]
    public async Task Connect()
    {
        var server = await EndToEndEngines.GetAsync(engine);
        space = await server.CreateNamespaceAsync(Ct);
        api = new KubeClient(KubeConfig.Read(server.KubeconfigPath).Resolve(), new KubeClientOptions(), TimeProvider.System, NullLogger<KubeClient>.Instance);
    }

    [TearDown]
    public void Disconnect() => api?.Dispose();

    [Test]
    public async Task Scale_ReadUpdatedAndPatched_ChangesReplicas()
    {
        await CreateAsync(replicas: 2);
        var scale = await api.GetAsync(Scale.Of(Pools), Web, Ct);
        Assert.That(scale.Spec.Replicas, Is.EqualTo(2));

        await api.UpdateAsync(Scale.Of(Pools), scale with { Spec = new ScaleSpec(5) }, WriteOptions.Default, Ct);
        Assert.That((await api.GetAsync(Pools, Web, Ct)).Spec.Replicas, Is.EqualTo(5));

        var patched = await api.PatchAsync(Scale.Of(Pools), Web, Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 7 } }), WriteOptions.Default, Ct);
        Assert.That(patched.Spec.Replicas, Is.EqualTo(7));
    }

    [Test]
    public async Task Update_StaleVersion_IsAConflictThatWasSurelyNotCarriedOut()
    {
        var old = await CreateAsync(replicas: 2);
        await api.UpdateAsync(Pools, old with { Spec = old.Spec with { Replicas = 3 } }, WriteOptions.Default, Ct);

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.UpdateAsync(Pools, old with { Spec = old.Spec with { Replicas = 4 } }, WriteOptions.Default, Ct))!;

        Assert.That((fault.Reason, fault.OutcomeUnknown), Is.EqualTo((FaultReason.Conflict, false)));
    }

    [Test]
    public async Task Create_BadDocument_NamesTheFieldsInTheCauses()
    {
        var fault = Assert.ThrowsAsync<KubeFault>(() => CreateAsync(replicas: -1))!;

        Assert.Multiple(() =>
        {
            Assert.That(fault.Reason, Is.EqualTo(FaultReason.Invalid));
            Assert.That(fault.Status?.Details?.Causes.Select(c => c.Field), Does.Contain("spec.replicas"));
        });
    }

    [Test]
    public async Task Status_Updated_LeavesTheSpecAlone()
    {
        var pool = await CreateAsync(replicas: 2);

        var written = await api.UpdateAsync(Pools, pool with { Spec = pool.Spec with { Replicas = 9 }, Status = new NodePoolStatus { Replicas = 1, ObservedGeneration = 1 } }, WriteOptions.Status, Ct);

        Assert.That((written.Spec.Replicas, written.Status?.Replicas), Is.EqualTo((2, 1)));
    }

    [Test]
    public async Task Watch_FromTheListsVersion_SeesEveryChangeInOrder()
    {
        var listed = await api.ListAllAsync(Pools, new ListQuery(space), Ct);
        await using var watch = await api.WatchAsync(Pools, new WatchQuery(listed.ResourceVersion, TimeSpan.FromMinutes(1), space), Ct);
        var pool = await CreateAsync(replicas: 1);
        await api.UpdateAsync(Pools, pool with { Spec = pool.Spec with { Replicas = 2 } }, WriteOptions.Default, Ct);
        await api.DeleteAsync(Pools, Web, new DeleteQuery(Uid: pool.Metadata.Uid), Ct);

        var seen = new List<string>();
        await foreach (var happened in watch.EventsAsync(Ct))
        {
            if (happened is WatchEvent<NodePool>.Bookmark) continue;
            seen.Add(happened.GetType().Name);
            if (happened is WatchEvent<NodePool>.Deleted) break;
        }

        Assert.That(seen, Is.EqualTo(new[] { "Added", "Modified", "Deleted" }));
    }

    [Test]
    public async Task Delete_OfAnotherUid_IsAConflict()
    {
        await CreateAsync(replicas: 1);

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.DeleteAsync(Pools, Web, new DeleteQuery(Uid: "another"), Ct))!;

        Assert.That(fault.Reason, Is.EqualTo(FaultReason.Conflict));
    }

    [Test]
    public async Task Find_WhatIsNotThere_IsNull() => Assert.That(await api.FindAsync(Pools, Web, Ct), Is.Null);

    private Task<NodePool> CreateAsync(int replicas) => api.CreateAsync(Pools, new NodePool
    {
        ApiVersion = Pools.ApiVersion,
        Kind = Pools.Kind,
        Metadata = new ObjectMeta { Namespace = space, Name = "web" },
        Spec = new NodePoolSpec { Replicas = replicas, Provider = new ProviderSpec { Aws = new AwsSettings { Region = "eu-west-1", InstanceTypes = ["t3.small"] } } },
    }, WriteOptions.Default, Ct);
}
