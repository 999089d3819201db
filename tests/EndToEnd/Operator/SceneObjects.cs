using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Controllers.Orphans;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Orphans;
using Kontena.Operator.Resources;
using Kontena.Simulator;
using Kontena.Simulator.Ec2;

namespace Kontena.EndToEnd.Operator;

/// <summary>What a user does with kubectl in the scene's namespace.</summary>
/// <param name="home">The operator's own namespace.</param>
internal sealed class SceneObjects(KubeClient api, string ns, string home, CancellationToken ct)
{
    public const string CredentialsName = "aws";

    public ObjectKey Key(string name) => new(ns, name);

    public Task<Secret> CredentialsAsync(string name = CredentialsName, string secretKey = Ec2Options.DemoSecretAccessKey) => SecretAsync(name, new Dictionary<string, string>
    {
        ["accessKeyID"] = Ec2Options.DemoAccessKeyId,
        ["secretAccessKey"] = secretKey,
    });

    public Task<Secret> SecretAsync(string name, IReadOnlyDictionary<string, string> data) => api.CreateAsync(CoreKinds.Secret, new Secret
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new ObjectMeta { Namespace = ns, Name = name },
        Data = data.ToDictionary(d => d.Key, d => Encoding.UTF8.GetBytes(d.Value)),
    }, WriteOptions.Default, ct);

    public Task EditSecretAsync(string name, string key, string value) => api.PatchAsync(CoreKinds.Secret, Key(name),
        Patch.Merge(new JsonObject { ["data"] = new JsonObject { [key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) } }), WriteOptions.Default, ct);

    public Task<Secret?> FindSecretAsync(string name) => api.FindAsync(CoreKinds.Secret, Key(name), ct);

    public async Task<IReadOnlyList<Secret>> SecretsAsync() => (await api.ListAllAsync(CoreKinds.Secret, new ListQuery(ns), ct)).Items;

    public Task DeleteSecretAsync(string name) => api.DeleteAsync(CoreKinds.Secret, Key(name), new DeleteQuery(), ct);

    /// <summary>A pool of t3.small in the zones a, b and c of the simulated cloud.</summary>
    public Task<NodePool> PoolAsync(SimulatorServer cloud, string name, int? replicas, Func<AwsSettings, AwsSettings>? aws = null, Func<NodePoolSpec, NodePoolSpec>? spec = null)
    {
        var settings = new AwsSettings
        {
            Region = "eu-west-1",
            Zones = ["a", "b", "c"],
            InstanceTypes = ["t3.small"],
            Endpoint = cloud.Address.ToString(),
            CredentialsRef = new SecretRef { Name = CredentialsName },
        };
        var wanted = new NodePoolSpec { Replicas = replicas, Provider = new ProviderSpec { Aws = aws is null ? settings : aws(settings) } };
        return api.CreateAsync(KontenaKinds.NodePools, new NodePool
        {
            ApiVersion = KontenaKinds.NodePools.ApiVersion,
            Kind = KontenaKinds.NodePools.Kind,
            Metadata = new ObjectMeta { Namespace = ns, Name = name },
            Spec = spec is null ? wanted : spec(wanted),
        }, WriteOptions.Default, ct);
    }

    /// <summary>A Grid whose access token stands in the Secret <c>master</c>.</summary>
    public Task<Grid> GridAsync(string name, string url) => api.CreateAsync(KontenaKinds.Grids, new Grid
    {
        ApiVersion = KontenaKinds.Grids.ApiVersion,
        Kind = KontenaKinds.Grids.Kind,
        Metadata = new ObjectMeta { Namespace = ns, Name = name },
        Spec = new GridSpec { Master = new MasterSpec { Url = url, TokenRef = new TokenRef { Name = "master" } } },
    }, WriteOptions.Default, ct);

    public Task<Grid?> FindGridAsync(string name) => api.FindAsync(KontenaKinds.Grids, Key(name), ct);

    public Task DeleteGridAsync(string name) => api.DeleteAsync(KontenaKinds.Grids, Key(name), new DeleteQuery(), ct);

    /// <summary>As a node leaves it that is gone.</summary>
    public Task TakeSlotAsync(string name, GridSlot slot) => api.PatchAsync(KontenaKinds.Grids, Key(name),
        Patch.Merge(new JsonObject { ["status"] = new JsonObject { ["replacing"] = JsonSerializer.SerializeToNode(slot, KontenaJson.Options) } }), WriteOptions.Status, ct);

    /// <summary>A merge patch of the pool's spec, as <c>kubectl patch</c> sends it.</summary>
    public Task EditPoolAsync(string name, JsonObject spec) =>
        api.PatchAsync(KontenaKinds.NodePools, Key(name), Patch.Merge(new JsonObject { ["spec"] = spec }), WriteOptions.Default, ct);

    public Task EditAwsAsync(string name, JsonObject aws) => EditPoolAsync(name, new JsonObject { ["provider"] = new JsonObject { ["aws"] = aws } });

    public Task ScaleAsync(string name, int replicas) => EditPoolAsync(name, new JsonObject { ["replicas"] = replicas });

    public Task<NodePool?> FindPoolAsync(string name) => api.FindAsync(KontenaKinds.NodePools, Key(name), ct);

    public Task<NodePool> PoolAsync(string name) => api.GetAsync(KontenaKinds.NodePools, Key(name), ct);

    public async Task<IReadOnlyList<NodePool>> PoolsAsync() => (await api.ListAllAsync(KontenaKinds.NodePools, new ListQuery(ns), ct)).Items;

    public Task DeletePoolAsync(string name) => api.DeleteAsync(KontenaKinds.NodePools, Key(name), new DeleteQuery(), ct);

    public async Task<IReadOnlyList<KontenaNode>> NodesAsync() => (await api.ListAllAsync(KontenaKinds.KontenaNodes, new ListQuery(ns), ct)).Items;

    public async Task<IReadOnlyList<KontenaNode>> NodesAsync(string pool) => [.. (await NodesAsync()).Where(n => n.Spec.PoolName == pool)];

    public Task<KontenaNode?> FindNodeAsync(string name) => api.FindAsync(KontenaKinds.KontenaNodes, Key(name), ct);

    public Task<KontenaNode> CreateNodeAsync(KontenaNode node) => api.CreateAsync(KontenaKinds.KontenaNodes, node, WriteOptions.Default, ct);

    public Task DeleteNodeAsync(string name) => api.DeleteAsync(KontenaKinds.KontenaNodes, Key(name), new DeleteQuery(), ct);

    public Task AnnotateNodeAsync(string name, string key, string value) => api.PatchAsync(KontenaKinds.KontenaNodes, Key(name),
        Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [key] = value } } }), WriteOptions.Default, ct);

    public Task DeleteNamespaceAsync() => api.DeleteAsync(CoreKinds.Namespace, new ObjectKey("", ns), new DeleteQuery(), ct);

    public async Task<bool> NamespaceIsGoneAsync() => await api.FindAsync(CoreKinds.Namespace, new ObjectKey("", ns), ct) is null;

    public async Task<IReadOnlyList<Event>> EventsAsync() => (await api.ListAllAsync(CoreKinds.Event, new ListQuery(ns), ct)).Items;

    public Task<ConfigMap?> FindInstallationAsync() => api.FindAsync(CoreKinds.ConfigMap, Installation, ct);

    public Task EditInstallationAsync(string key, string value) => api.PatchAsync(CoreKinds.ConfigMap, Installation,
        Patch.Merge(new JsonObject { ["data"] = new JsonObject { [key] = value } }), WriteOptions.Default, ct);

    public Task AnnotateInstallationAsync(string key, string value) => api.PatchAsync(CoreKinds.ConfigMap, Installation,
        Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [key] = value } } }), WriteOptions.Default, ct);

    public Task DeleteInstallationAsync() => api.DeleteAsync(CoreKinds.ConfigMap, Installation, new DeleteQuery(), ct);

    public Task SetPoolFinalizersAsync(string name, params string[] finalizers) => api.PatchAsync(KontenaKinds.NodePools, Key(name),
        Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray([.. finalizers.Select(f => (JsonNode)f)]) } }), WriteOptions.Default, ct);

    public Task CreateTombstoneAsync(Tombstone stone) => api.CreateAsync(CoreKinds.ConfigMap, TombstoneDocument.Write(stone, ns), WriteOptions.Default, ct);

    public async Task<IReadOnlyList<ConfigMap>> TombstonesAsync() =>
        (await api.ListAllAsync(CoreKinds.ConfigMap, new ListQuery(ns, LabelSelector: ApiGroup.TombstoneLabel), ct)).Items;

    private ObjectKey Installation => new(home, "kontena-installation");
}
