using System.Text;
using System.Text.Json.Nodes;
using Kontena.EndToEnd.Operator;
using Kontena.Kubernetes.Schema;
using Kontena.TestKit;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.GitOps;

/// <summary>What lies in a user's repository, pointed at the scene's cloud, and the kubectl that applies it.</summary>
internal sealed class Repository : IDisposable
{
    /// <summary>A Grid, and a pool that joins it.</summary>
    public const string GridSample = "grid.yaml";

    private readonly OperatorScene scene;

    public Repository(OperatorScene scene)
    {
        this.scene = scene;
        Kubectl = KubectlClient.Require(scene.KubeconfigPath, scene.Namespace);
    }

    public KubectlClient Kubectl { get; }

    /// <summary>A pool of t3.small; replicas left out where null.</summary>
    public JsonObject Pool(string name, int? replicas, JsonObject? metadata = null)
    {
        var spec = new JsonObject { ["provider"] = new JsonObject { ["aws"] = new JsonObject { ["region"] = "eu-west-1", ["zones"] = new JsonArray("a"), ["instanceTypes"] = new JsonArray("t3.small") } } };
        if (replicas is { } count) spec["replicas"] = count;
        var pool = new JsonObject { ["apiVersion"] = "kontena.io/v1alpha1", ["kind"] = "NodePool", ["metadata"] = metadata ?? [], ["spec"] = spec };
        pool["metadata"]!["name"] = name;
        return Pointed(pool);
    }

    /// <summary>Every object of every file in samples/ but those with a Grid, which need a Master and name their objects alike.</summary>
    public IReadOnlyList<JsonObject> Samples() =>
    [
        .. Directory.GetFiles(Path.Combine(RepositoryFolders.Root, "samples"), "*.yaml").Order(StringComparer.Ordinal).Where(f => Documents(f).All(d => (string?)d["kind"] != "Grid")).SelectMany(f => Documents(f).Select(Pointed)),
    ];

    /// <summary>Every object of one file in samples/.</summary>
    public IReadOnlyList<JsonObject> Sample(string file) => [.. Documents(Path.Combine(RepositoryFolders.Root, "samples", file)).Select(Pointed)];

    /// <summary>Puts <c>data</c> in the place of a Secret's <c>stringData</c>; leaves other objects alone.</summary>
    public static void EncodeSecret(JsonObject document)
    {
        if (!document.Remove("stringData", out var text)) return;
        document["data"] = new JsonObject(text!.AsObject().Select(t => KeyValuePair.Create(t.Key, (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes((string)t.Value!)))));
    }

    /// <summary>Writes the objects as one manifest, a stream of JSON documents; returns its path.</summary>
    public string Write(string name, params IReadOnlyList<JsonObject> objects) => Kubectl.WriteFile(name, string.Join('\n', objects.Select(o => o.ToJsonString())));

    /// <summary>Runs kubectl, which must succeed; the lines of its output.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(params string[] arguments) =>
        (await Kubectl.RunAsync(arguments, input: null, environment: null, scene.Ct)).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task<JsonObject> GetAsync(string what, string name) => JsonNode.Parse(string.Join('\n', await RunAsync("get", what, name, "-o", "json", "--show-managed-fields")))!.AsObject();

    public void Dispose() => Kubectl.Dispose();

    private static IReadOnlyList<JsonObject> Documents(string path) => YamlDocuments.Read(File.ReadAllText(path));

    /// <summary>At the simulated cloud, with its credentials: nothing of a sample may reach for the world.</summary>
    private JsonObject Pointed(JsonObject document)
    {
        if (document["spec"]?["master"] is JsonObject master) master["url"] = scene.Grids.Url;
        if (document["spec"]?["provider"]?["aws"] is not JsonObject aws) return document;
        aws["endpoint"] = scene.Cloud.Address.ToString();
        aws["credentialsRef"] ??= new JsonObject { ["name"] = SceneObjects.CredentialsName };
        return document;
    }
}
