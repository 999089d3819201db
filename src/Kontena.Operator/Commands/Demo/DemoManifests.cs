using System.Text;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Schema;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Resources;
using Kontena.Simulator.Ec2;

namespace Kontena.Operator.Commands.Demo;

/// <summary>What the demo applies, pointed at the simulation: the sample of a grid as it lies in <c>samples/</c>, or files of the user's.</summary>
internal sealed class DemoManifests
{
    private const string Namespace = "default";

    /// <summary>For pools that name no Secret of their own.</summary>
    private const string KeysSecret = "demo-simulated-aws";

    private static readonly string[] Known = ["Secret", KontenaKinds.Grids.Kind, KontenaKinds.NodePools.Kind];

    private readonly IReadOnlyList<JsonObject> documents;

    private DemoManifests(IReadOnlyList<JsonObject> documents) => this.documents = documents;

    public IEnumerable<string> Grids => NamesOf(KontenaKinds.Grids.Kind);

    public IEnumerable<string> Pools => NamesOf(KontenaKinds.NodePools.Kind);

    /// <param name="files">None: the sample. They have been checked (<see cref="ManifestCheck"/>).</param>
    /// <exception cref="FormatException">They hold something that cannot be applied; the message says what.</exception>
    public static async Task<DemoManifests> ReadAsync(IReadOnlyList<FileInfo> files, CancellationToken ct)
    {
        Dictionary<(string?, string?), JsonObject> all = [];
        if (files.Count == 0)
            foreach (var document in YamlDocuments.Read(await SampleAsync(ct))) Add(all, document, "the sample");
        foreach (var file in files)
            foreach (var document in YamlDocuments.Read(await File.ReadAllTextAsync(file.FullName, ct))) Add(all, document, file.ToString());
        return new DemoManifests([.. all.Values]);
    }

    /// <summary>Creates every object. The API server is fresh: nothing can be in the way.</summary>
    public async Task ApplyAsync(IKubeApi api, Uri cloud, Uri master, CancellationToken ct)
    {
        if (documents.Any(d => KindOf(d) == KontenaKinds.NodePools.Kind && d["spec"]?["provider"]?["aws"]?["credentialsRef"] is null)) await api.CreateAsync(CoreKinds.Secret, KeysOfTheSimulation(), WriteOptions.Default, ct);
        foreach (var document in documents)
        {
            var kind = KindOf(document);
            if (kind == KontenaKinds.Grids.Kind) await api.CreateAsync(KontenaKinds.Grids, GridOf(document, master), WriteOptions.Default, ct);
            else if (kind == KontenaKinds.NodePools.Kind) await api.CreateAsync(KontenaKinds.NodePools, PoolOf(document, cloud), WriteOptions.Default, ct);
            else await api.CreateAsync(CoreKinds.Secret, SecretOf(document), WriteOptions.Default, ct);
        }
    }

    /// <summary>Each sample brings the Grid and the Secrets that it needs: what is in several files, and the same in all, is applied once.</summary>
    private static void Add(Dictionary<(string?, string?), JsonObject> all, JsonObject document, string file)
    {
        var key = (Kind: KindOf(document), Name: NameOf(document));
        if (!Known.Contains(key.Kind)) throw new FormatException($"{file}: the demo applies Secrets, Grids and NodePools, and no {key.Kind ?? "object without a kind"}");
        if (key.Name is null) throw new FormatException($"{file}: {key.Kind}.metadata.name: is missing");
        try
        {
            if (key.Kind == "Secret") DataOf(document);
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException)
        {
            throw new FormatException($"{file}: Secret {key.Name}: data takes base64 text, stringData plain text", fault);
        }
        if (!all.TryAdd(key, document) && !JsonNode.DeepEquals(all[key], document)) throw new FormatException($"{file}: {key.Kind} {key.Name} is in another file too, and differs there");
    }

    private static async Task<string> SampleAsync(CancellationToken ct)
    {
        await using var stream = typeof(DemoManifests).Assembly.GetManifestResourceStream("samples.grid.yaml")
            ?? throw new InvalidOperationException("The sample is not in the program.");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(ct);
    }

    private static string? KindOf(JsonObject document) => document["kind"] is JsonValue kind && kind.TryGetValue(out string? text) ? text : null;

    private static string? NameOf(JsonObject document) => document["metadata"] is JsonObject metadata && metadata["name"] is JsonValue name && name.TryGetValue(out string? text) ? text : null;

    private IEnumerable<string> NamesOf(string kind) => documents.Where(d => KindOf(d) == kind).Select(d => NameOf(d)!); // no document without a name is added

    private static Secret SecretOf(JsonObject document) => new()
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new ObjectMeta { Namespace = Namespace, Name = (string?)document["metadata"]?["name"] },
        Data = DataOf(document),
    };

    /// <summary>What is in both is taken from <c>stringData</c>, as by the API server.</summary>
    private static Dictionary<string, byte[]> DataOf(JsonObject document)
    {
        Dictionary<string, byte[]> data = new(StringComparer.Ordinal);
        foreach (var (key, value) in document["data"] as JsonObject ?? []) data[key] = Convert.FromBase64String((string?)value ?? "");
        foreach (var (key, value) in document["stringData"] as JsonObject ?? []) data[key] = Encoding.UTF8.GetBytes((string?)value ?? "");
        return data;
    }

    private static Secret KeysOfTheSimulation() => new()
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new ObjectMeta { Namespace = Namespace, Name = KeysSecret },
        Data = new Dictionary<string, byte[]>
        {
            ["accessKeyID"] = Encoding.UTF8.GetBytes(Ec2Options.DemoAccessKeyId),
            ["secretAccessKey"] = Encoding.UTF8.GetBytes(Ec2Options.DemoSecretAccessKey),
        },
    };

    private static Grid GridOf(JsonObject document, Uri master)
    {
        var grid = KontenaJson.Read<Grid>(document);
        return grid with
        {
            Metadata = grid.Metadata with { Namespace = Namespace },
            Spec = grid.Spec with { Master = grid.Spec.Master with { Url = master.ToString().TrimEnd('/') } },
        };
    }

    private static NodePool PoolOf(JsonObject document, Uri cloud)
    {
        var pool = KontenaJson.Read<NodePool>(document);
        return pool with
        {
            Metadata = pool.Metadata with { Namespace = Namespace },
            // Without a Secret the operator takes what its surroundings have, which is nothing for a simulation to see.
            Spec = pool.Spec with { Provider = new ProviderSpec { Aws = pool.Spec.Provider.Aws! with { Endpoint = cloud.ToString(), CredentialsRef = pool.Spec.Provider.Aws.CredentialsRef ?? new SecretRef { Name = KeysSecret } } } },
        };
    }
}
