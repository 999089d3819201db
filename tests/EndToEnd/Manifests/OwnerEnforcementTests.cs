using System.Text.Json.Nodes;
using Kontena.EndToEnd.Operator;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Resources;
using Kontena.TestKit;

namespace Kontena.EndToEnd.Manifests;

/// <summary>
/// The one permission that no request carries: <c>update nodepools/finalizers</c>. The admission plugin OwnerReferencesPermissionEnforcement,
/// which OpenShift has on, asks for it where an object names an owner that must not vanish before it.
/// </summary>
[Platform("Linux")]
public sealed class OwnerEnforcementTests
{
    private static readonly TimeSpan patience = Eventually.Patience;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task CreateNode_OwnersEnforced_NeedsTheRuleOnFinalizers()
    {
        InstalledCluster.Require();
        await using var cluster = await InstalledCluster.StartAsync("OwnerReferencesPermissionEnforcement", Ct);
        using var user = SceneEngines.Client(cluster.Server.KubeconfigPath);
        using var account = SceneEngines.Client(await cluster.AccountKubeconfigAsync("kontena-system", "kontena-operator", Ct));
        var pool = await user.CreateAsync(KontenaKinds.NodePools, Pool(), WriteOptions.Default, Ct);

        await account.CreateAsync(KontenaKinds.KontenaNodes, Node(pool, 0), WriteOptions.Default, Ct);

        await TakeAwayAsync(cluster, "nodepools/finalizers");
        KubeFault? refused = null;
        var ordinal = 0;
        // The authoriser sees the changed role a moment later.
        await Eventually.HoldsAsync(async () => (refused = await RefusalAsync(account, Node(pool, ++ordinal))) is not null, "a node is refused", patience, Ct);
        Assert.That(refused!.Message, Does.Contain("blockOwnerDeletion"));
    }

    private static async Task<KubeFault?> RefusalAsync(KubeClient account, KontenaNode node)
    {
        try
        {
            await account.CreateAsync(KontenaKinds.KontenaNodes, node, WriteOptions.Default, Ct);
            return null;
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.Forbidden)
        {
            return fault;
        }
    }

    private static async Task TakeAwayAsync(InstalledCluster cluster, string resource)
    {
        const string Path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/kontena-operator";
        var role = (await cluster.Server.Http.GetAsync(Path, Ct)).Succeeded();
        var rules = role["rules"]!.AsArray();
        rules.Remove(rules.Single(r => r!["resources"]!.AsArray().Single()!.ToString() == resource));
        (await cluster.Server.Http.SendAsync(HttpMethod.Patch, Path, new JsonObject { ["rules"] = rules.DeepClone() }, "application/merge-patch+json", Ct)).Succeeded();
    }

    private static KontenaNode Node(NodePool pool, int ordinal) => NewNodes.Of(pool, new PoolAction.AddNode($"web-{ordinal}", ordinal, "a", "ScalingUp", ""));

    private static NodePool Pool() => new()
    {
        ApiVersion = KontenaKinds.NodePools.ApiVersion,
        Kind = KontenaKinds.NodePools.Kind,
        Metadata = new ObjectMeta { Namespace = "default", Name = "web" },
        Spec = new NodePoolSpec { Replicas = 1, Provider = new ProviderSpec { Aws = new AwsSettings { Region = "eu-west-1", InstanceTypes = ["t3.small"] } } },
    };
}
