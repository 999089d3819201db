using System.Text;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Schema;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Commands.Demo;

/// <summary>The sample that the demo applies, as it lies in <c>samples/</c>, pointed at the simulator.</summary>
internal static class SampleManifests
{
    private const string Namespace = "default";

    /// <summary>Creates every object of the sample. The API server is fresh: nothing can be in the way.</summary>
    public static async Task ApplyAsync(IKubeApi api, Uri cloud, Uri master, CancellationToken ct)
    {
        foreach (var document in Read())
        {
            switch ((string?)document["kind"])
            {
                case "Secret":
                    await api.CreateAsync(CoreKinds.Secret, SecretOf(document), WriteOptions.Default, ct);
                    break;
                case "Grid":
                    await api.CreateAsync(KontenaKinds.Grids, GridOf(document, master), WriteOptions.Default, ct);
                    break;
                case "NodePool":
                    await api.CreateAsync(KontenaKinds.NodePools, PoolOf(document, cloud), WriteOptions.Default, ct);
                    break;
                case var other:
                    throw new InvalidOperationException($"The sample holds a {other}, which the demo does not know.");
            }
        }
    }

    private static IReadOnlyList<JsonObject> Read()
    {
        using var stream = typeof(SampleManifests).Assembly.GetManifestResourceStream("samples.grid.yaml")
            ?? throw new InvalidOperationException("The sample is not in the program.");
        using var reader = new StreamReader(stream);
        return YamlDocuments.Read(reader.ReadToEnd());
    }

    private static Secret SecretOf(JsonObject document) => new()
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new ObjectMeta { Namespace = Namespace, Name = (string?)document["metadata"]?["name"] },
        Data = document["stringData"]?.AsObject().ToDictionary(d => d.Key, d => Encoding.UTF8.GetBytes((string?)d.Value ?? "")),
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
            Spec = pool.Spec with { Provider = new ProviderSpec { Aws = pool.Spec.Provider.Aws! with { Endpoint = cloud.ToString() } } },
        };
    }
}
