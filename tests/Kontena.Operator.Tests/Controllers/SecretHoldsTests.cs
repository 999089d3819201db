using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Resources;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Operator.Tests.Controllers;

public sealed class SecretHoldsTests
{
    private readonly ManualTime time = new();
    private readonly MemoryApi api;

    public SecretHoldsTests() => api = new MemoryApi(time);

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Hold_SecretIsThere_IsHeld()
    {
        var secret = Samples.Credentials();
        await CreateAsync(secret with { Metadata = secret.Metadata with { Finalizers = [] } });
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);

        Assert.That(await Holds(stores).HoldAsync(Holding("one"), Ct), Is.True);
        Assert.That(Finalizers("aws"), Is.EqualTo(new[] { ApiGroup.InUseFinalizer }));
    }

    [Test]
    public async Task Hold_SecretIsMissingOrAboutToVanish_SaysSo()
    {
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);
        Assert.That(await Holds(stores).HoldAsync(Holding("one"), Ct), Is.False, "missing");

        var secret = Samples.Credentials();
        await CreateAsync(secret with { Metadata = secret.Metadata with { Finalizers = ["example.com/other"] } });
        await api.DeleteAsync(CoreKinds.Secret, secret.Metadata.Key, new DeleteQuery(), Ct);
        Assert.That(await Holds(stores).HoldAsync(Holding("one"), Ct), Is.False, "being deleted");
    }

    [Test]
    public async Task Release_AnotherPoolHoldsTheSecret_StaysHeld()
    {
        await CreateAsync(Samples.Credentials());
        var one = await DeletedAsync(Holding("one"));
        await CreateAsync(Holding("two"));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);

        Assert.That(await Holds(stores).ReleaseAsync(one, ["aws"], Ct), Is.True);

        Assert.That(Finalizers("aws"), Is.EqualTo(new[] { ApiGroup.InUseFinalizer }));
    }

    [Test]
    public async Task Release_AnotherPoolNamesTheSecretAndHoldsItNot_IsLetGo()
    {
        await CreateAsync(Samples.Credentials());
        var one = await DeletedAsync(Holding("one"));
        await CreateAsync(Samples.Pool("two"));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);

        await Holds(stores).ReleaseAsync(one, ["aws"], Ct);

        Assert.That(Finalizers("aws"), Is.Empty, "the other holds it when it needs it, and could vanish without a word until then");
    }

    [Test]
    public async Task Release_LastPool_IsLetGo()
    {
        await CreateAsync(Samples.Credentials());
        var pool = await DeletedAsync(Holding("one"));
        await CreateAsync(Holding("two", Samples.Aws("aws-other"), held: "aws,aws-other"));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);

        Assert.That(await Holds(stores).ReleaseAsync(pool, ["aws"], Ct), Is.True);

        Assert.That(Finalizers("aws"), Is.Empty);
    }

    [Test]
    public async Task Release_TheOtherPoolIsGoneAndTheStoreLags_IsLetGo()
    {
        await CreateAsync(Samples.Credentials());
        var one = await DeletedAsync(Holding("one"));
        var two = await CreateAsync(Holding("two"));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);
        api.HoldWatches("nodepools.kontena.io");
        await api.DeleteAsync(KontenaKinds.NodePools, two.Metadata.Key, new DeleteQuery(), Ct);
        Assert.That(stores.Pools.Store.All.Count(), Is.EqualTo(2));

        await Holds(stores).ReleaseAsync(one, ["aws"], Ct);

        Assert.That(Finalizers("aws"), Is.Empty);
    }

    [Test]
    public async Task Release_TwoLastPoolsAtOnce_IsLetGo()
    {
        await CreateAsync(Samples.Credentials());
        var one = await DeletedAsync(Holding("one"));
        var two = await DeletedAsync(Holding("two"));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);
        var holds = Holds(stores);

        Assert.That(await Task.WhenAll(holds.ReleaseAsync(one, ["aws"], Ct), holds.ReleaseAsync(two, ["aws"], Ct)), Is.All.True);

        Assert.That(Finalizers("aws"), Is.Empty);
    }

    [Test]
    public async Task Release_ANodeOfThePoolIsStillThere_WaitsForIt()
    {
        await CreateAsync(Samples.Credentials());
        var pool = await CreateAsync(Holding("web", Samples.Aws("aws-new")));
        var node = Samples.Node("web-0");
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);
        await CreateAsync(node with { Metadata = node.Metadata with { OwnerReferences = [new OwnerReference { ApiVersion = "kontena.io/v1alpha1", Kind = "NodePool", Name = "web", Uid = pool.Metadata.Uid! }] } });

        Assert.That(await Holds(stores).ReleaseAsync(pool, ["aws"], Ct), Is.False);

        Assert.That(Finalizers("aws"), Is.EqualTo(new[] { ApiGroup.InUseFinalizer }));
    }

    [Test]
    public async Task Release_PoolIsGoneButANodeOfAnotherNamesIt_StaysHeld()
    {
        await CreateAsync(Samples.Credentials());
        var pool = await DeletedAsync(Holding("one"));
        await CreateAsync(Samples.Node("two-0"));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);

        await Holds(stores).ReleaseAsync(pool, ["aws"], Ct);

        Assert.That(Finalizers("aws"), Is.EqualTo(new[] { ApiGroup.InUseFinalizer }));
    }

    [Test]
    public async Task Release_LastNodeOfASecretThatNoPoolNames_IsLetGo()
    {
        await CreateAsync(Samples.Credentials());
        await CreateAsync(Samples.Pool("web", Samples.Aws("aws-new")));
        var node = await CreateAsync(Samples.Node("web-0"));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);

        await Holds(stores).ReleaseAsync(node, Ct);

        Assert.That(Finalizers("aws"), Is.Empty);
    }

    [Test]
    public async Task Release_TwoLastNodesAtOnce_TheLaterLetsGo()
    {
        await CreateAsync(Samples.Credentials());
        var one = await CreateAsync(Samples.Node("web-0"));
        var two = await CreateAsync(Samples.Node("web-1"));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);
        var holds = Holds(stores);

        await holds.ReleaseAsync(one, Ct);
        Assert.That(Finalizers("aws"), Is.EqualTo(new[] { ApiGroup.InUseFinalizer }), "the other still needs it");
        await holds.ReleaseAsync(two, Ct);

        Assert.That(Finalizers("aws"), Is.Empty);
    }

    [Test]
    public async Task Release_NodeWhosePoolIsThere_IsThePoolsAffair()
    {
        await CreateAsync(Samples.Credentials());
        var pool = await CreateAsync(Samples.Pool("web", Samples.Aws("aws-new")));
        var node = Samples.Node("web-0");
        node = await CreateAsync(node with { Spec = node.Spec with { PoolUID = pool.Metadata.Uid! } });
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);
        api.ClearCalls();

        await Holds(stores).ReleaseAsync(node, Ct);

        Assert.That(api.Calls.Where(c => c.Kind == "secrets"), Is.Empty);
        Assert.That(Finalizers("aws"), Is.EqualTo(new[] { ApiGroup.InUseFinalizer }));
    }

    private static NodePool Holding(string name, AwsSettings? aws = null, string held = "aws")
    {
        var pool = Samples.Pool(name, aws);
        return pool with { Metadata = pool.Metadata with { Annotations = new Dictionary<string, string> { [ApiGroup.HeldSecretsAnnotation] = held } } };
    }

    /// <summary>On its way: the finalizer is all that it waits for.</summary>
    private async Task<NodePool> DeletedAsync(NodePool pool)
    {
        await CreateAsync(pool with { Metadata = pool.Metadata with { Finalizers = [ApiGroup.PoolFinalizer] } });
        return (await api.DeleteAsync(KontenaKinds.NodePools, pool.Metadata.Key, new DeleteQuery(), Ct))!;
    }

    private SecretHolds Holds(LivingStores stores) => new(api, new Finalizers(api), stores.Pools.Store, stores.Nodes.Store);

    private IReadOnlyList<string> Finalizers(string secret) => api.Peek(CoreKinds.Secret, new ObjectKey(Samples.Namespace, secret))!.Metadata.Finalizers ?? [];

    private Task<Secret> CreateAsync(Secret secret) => api.CreateAsync(CoreKinds.Secret, secret, WriteOptions.Default, Ct);

    private Task<NodePool> CreateAsync(NodePool pool) => api.CreateAsync(KontenaKinds.NodePools, pool, WriteOptions.Default, Ct);

    private Task<KontenaNode> CreateAsync(KontenaNode node) => api.CreateAsync(KontenaKinds.KontenaNodes, node, WriteOptions.Default, Ct);
}
