using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Resources;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;

namespace Kontena.EndToEnd.Operator;

/// <summary>The scene's Kontena Master, its grid, and what a user does with Grids.</summary>
internal sealed class SceneGrids(OperatorScene scene, KubeClient api)
{
    /// <summary>How many seconds pass in one: minutes of agents' and operators' patience in seconds, and a busy machine's delays are not yet a wrong clock.</summary>
    public const double UsualSpeed = 5;

    /// <summary>At the Master, and of the Grid object.</summary>
    public const string GridName = MasterOptions.DemoGrid;

    public const string TokenSecret = "kontena-master";

    private const int NodeTokenBytes = 32;

    private readonly List<NodeSnapshot> foreign = [];

    /// <summary>The simulated one.</summary>
    public KontenaMaster Kontena => scene.Cloud.Master;

    /// <summary>Of the Master, without a slash at the end.</summary>
    public string Url => Kontena.Url.ToString().TrimEnd('/');

    /// <summary>The entries that are there now, by number.</summary>
    public IReadOnlyList<NodeSnapshot> Entries => [.. Kontena.Nodes.Where(n => n.RemovedAt is null).OrderBy(n => n.Number)];

    /// <summary>Entries that no operator made, as they were when they were added.</summary>
    public IReadOnlyList<NodeSnapshot> Foreign => foreign;

    /// <summary>A human gave entries up: they stay without their nodes.</summary>
    public bool Abandoned { get; set; }

    public static MasterOptions Master(int initialSize, double speed) => new()
    {
        Grids = [new GridOptions { Name = GridName, InitialSize = initialSize, Token = Canary.Of("grid-token") }],
        AccessTokens = [new AccessToken("operator", AccessToken, MasterRole.GridAdmin, [GridName]), new AccessToken("sample", MasterOptions.DemoAccessToken, MasterRole.GridAdmin, [GridName])],
        KeepaliveInterval = TimeSpan.FromSeconds(1) * speed,
        // A busy machine's pongs come late.
        Watchdog = TimeSpan.FromSeconds(15) * speed,
        InstanceMoves = TimeSpan.FromSeconds(0.2) * speed,
    };

    public static string AccessToken => Canary.Of("master-token");

    /// <summary>Node tokens are hex of so many bytes: they begin with the stem of all canaries, so that any of them is found wherever it is said.</summary>
    public static byte[] RandomBytes(int count)
    {
        var bytes = RandomNumberGenerator.GetBytes(count);
        if (count == NodeTokenBytes) Encoding.UTF8.GetBytes(Canary.Stem).CopyTo(bytes, 0);
        return bytes;
    }

    /// <summary>The Secret with the access token, and a Grid that names it.</summary>
    public async Task<Grid> CreateAsync(string name = GridName, Func<GridSpec, GridSpec>? spec = null)
    {
        if (await scene.Objects.FindSecretAsync(TokenSecret) is null) await scene.Objects.SecretAsync(TokenSecret, new Dictionary<string, string> { ["token"] = AccessToken });
        var wanted = new GridSpec { Master = new MasterSpec { Url = Url, TokenRef = new TokenRef { Name = TokenSecret } }, Name = name == GridName ? null : GridName };
        return await api.CreateAsync(KontenaKinds.Grids, new Grid
        {
            ApiVersion = KontenaKinds.Grids.ApiVersion,
            Kind = KontenaKinds.Grids.Kind,
            Metadata = new ObjectMeta { Namespace = scene.Namespace, Name = name },
            Spec = spec is null ? wanted : spec(wanted),
        }, WriteOptions.Default, scene.Ct);
    }

    public Task<Grid?> FindAsync(string name = GridName) => scene.Objects.FindGridAsync(name);

    public async Task<IReadOnlyList<Grid>> AllAsync() => (await api.ListAllAsync(KontenaKinds.Grids, new ListQuery(scene.Namespace), scene.Ct)).Items;

    /// <summary>A merge patch of the Grid's spec, as <c>kubectl patch</c> sends it.</summary>
    public Task EditAsync(JsonObject spec) => api.PatchAsync(KontenaKinds.Grids, scene.Objects.Key(GridName), Patch.Merge(new JsonObject { ["spec"] = spec }), WriteOptions.Default, scene.Ct);

    public Task DeleteAsync(string name = GridName) => scene.Objects.DeleteGridAsync(name);

    public Task<NodePool> PoolAsync(string name, int replicas, Func<NodePoolSpec, NodePoolSpec>? spec = null, Func<AwsSettings, AwsSettings>? aws = null) =>
        scene.Objects.PoolAsync(scene.Cloud, name, replicas, aws, s => (spec ?? (same => same))(s with { GridRef = new GridRef { Name = GridName } }));

    /// <summary>The Grid has this condition.</summary>
    public async Task<Condition> UntilAsync(string type, string status, string? reason = null)
    {
        Condition? found = null;
        await scene.Waits.UntilAsync(async () =>
        {
            found = (await FindAsync())?.Status?.Conditions.FirstOrDefault(c => c.Type == type);
            return found?.Status == status && (reason is null || found.Reason == reason);
        }, $"the Grid has {type}={status} {reason}");
        return found!;
    }

    /// <summary>So many polls more are over: what they would have led to has begun.</summary>
    public async Task PollsAsync(int count)
    {
        var end = Listings + count;
        await scene.Waits.UntilAsync(() => Listings >= end, $"{count} more polls of the Master");
    }

    /// <summary>How often all nodes of a grid were asked for.</summary>
    public int Listings => Kontena.Calls.Count("GET /v1/grids/:grid/nodes");

    public NodeSnapshot EntryOf(KontenaNode node) => Entries.Single(e => e.Labels.Contains($"kontena-node={node.Metadata.Uid}"));

    /// <summary>The computer behind the node.</summary>
    public SimulatedMachine MachineOf(KontenaNode node) => scene.Cloud.Machines.Of(node.Spec.ProviderID!.Split('/')[^1]);

    /// <summary>An entry of somebody else's, which must stay as it is.</summary>
    public NodeSnapshot AddForeign(string name, string? nodeId = null)
    {
        var added = Kontena.AddForeign(new ForeignNode { Grid = GridName, Name = name, NodeId = nodeId, Labels = ["owner=somebody-else"], Token = Canary.Of($"foreign-token-{name}") });
        foreign.Add(added);
        return added;
    }

    /// <summary>Its owner removes it: nobody has to answer for it any more.</summary>
    public void RemoveForeign(string name)
    {
        foreign.RemoveAll(f => f.Name == name);
        Kontena.RemoveBehindTheBack(GridName, name);
    }

    /// <summary>Gives an entry another node token, as <c>kontena node reset-token</c> does.</summary>
    public async Task ResetTokenAsync(string name)
    {
        using var http = new HttpClient { BaseAddress = Kontena.Url };
        using var request = new HttpRequestMessage(HttpMethod.Put, $"v1/nodes/{GridName}/{name}/token");
        request.Headers.Authorization = new("Bearer", AccessToken);
        request.Content = new StringContent(new JsonObject { ["token"] = Canary.Of($"reset-token-{name}"), ["reset_connection"] = true }.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, scene.Ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How things stand: Grids, and what the Master has and had.</summary>
    public async Task<string> DescribeAsync()
    {
        var text = new StringBuilder();
        foreach (var grid in await AllAsync())
        {
            text.AppendLine($"grid {grid.Metadata.Name}{(grid.Metadata.IsBeingDeleted ? " (being deleted)" : "")} finalizers [{string.Join(' ', grid.Metadata.Finalizers ?? [])}] quorum {grid.Status?.Quorum} slot {grid.Status?.Replacing?.Name}");
            foreach (var c in grid.Status?.Conditions ?? []) text.AppendLine($"  {c.Type}={c.Status} {c.Reason}: {c.Message}");
        }
        foreach (var node in Kontena.Nodes)
            text.AppendLine($"entry {node.Number} {node.Name} {node.Status}{(node.RemovedAt is null ? "" : " (removed)")} {node.Availability} {node.NodeId}: {string.Join(' ', node.Events.TakeLast(6).Select(e => $"{e.Kind}@{e.At:mm:ss.fff}"))}");
        foreach (var refused in Kontena.Rejected.TakeLast(10)) text.AppendLine($"refused {refused.NodeName} {refused.Code}: {refused.Reason}");
        text.AppendLine($"calls of the Master {string.Join(", ", Kontena.Calls.Counts.Select(c => $"{c.Key}: {c.Value}"))}");
        return text.ToString();
    }
}
