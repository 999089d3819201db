using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Api;
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
    public async Task Release_AnotherPoolNamesTheSecret_StaysHeld()
    {
        await CreateAsync(Samples.Credentials());
        var one = await CreateAsync(Samples.Pool("one"));
        await CreateAsync(Samples.Pool("two"));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);

        await Holds(stores).ReleaseAsync(one, Ct);

        Assert.That(Finalizers("aws"), Is.EqualTo(new[] { ApiGroup.InUseFinalizer }));
    }

    [Test]
    public async Task Release_LastPool_IsLetGo()
    {
        await CreateAsync(Samples.Credentials());
        var pool = await CreateAsync(Samples.Pool("one"));
        await CreateAsync(Samples.Pool("two", Samples.Aws("aws-other")));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);

        await Holds(stores).ReleaseAsync(pool, Ct);

        Assert.That(Finalizers("aws"), Is.Empty);
    }

    [Test]
    public async Task Release_PoolIsGoneButANodeOfAnotherNamesIt_StaysHeld()
    {
        await CreateAsync(Samples.Credentials());
        var pool = await CreateAsync(Samples.Pool("one"));
        await CreateAsync(Samples.Node("two-0"));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);

        await Holds(stores).ReleaseAsync(pool, Ct);

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
    public async Task Release_NodeWhosePoolStillNamesTheSecret_AsksNothing()
    {
        await CreateAsync(Samples.Credentials());
        await CreateAsync(Samples.Pool("web"));
        var node = await CreateAsync(Samples.Node("web-0"));
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);
        api.ClearCalls();

        await Holds(stores).ReleaseAsync(node, Ct);

        Assert.That(api.Calls.Where(c => c.Kind == "secrets"), Is.Empty);
    }

    private SecretHolds Holds(LivingStores stores) => new(api, new Finalizers(api), stores.Pools.Store, stores.Nodes.Store);

    private IReadOnlyList<string> Finalizers(string secret) => api.Peek(CoreKinds.Secret, new ObjectKey(Samples.Namespace, secret))!.Metadata.Finalizers ?? [];

    private Task<Secret> CreateAsync(Secret secret) => api.CreateAsync(CoreKinds.Secret, secret, WriteOptions.Default, Ct);

    private Task<NodePool> CreateAsync(NodePool pool) => api.CreateAsync(KontenaKinds.NodePools, pool, WriteOptions.Default, Ct);

    private Task<KontenaNode> CreateAsync(KontenaNode node) => api.CreateAsync(KontenaKinds.KontenaNodes, node, WriteOptions.Default, Ct);
}
