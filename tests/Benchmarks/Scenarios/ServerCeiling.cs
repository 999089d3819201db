using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Resources;
using Kontena.TestKit.Engines;

namespace Kontena.Benchmarks.Scenarios;

/// <summary>
/// How many objects of a kind the server takes a second from one and the same plain client, with no controller at work. It tells what of a
/// difference between two controllers is theirs, and what is the server's: custom resources cost it more than pods.
/// </summary>
internal sealed class ServerCeiling(ApiHttp http)
{
    private const int AtOnce = 32;

    public async Task<double> PodsAsync(string path, int count, CancellationToken ct) => await CreatedAsync(path, count, name => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "none" }) },
    }, ct);

    public async Task<double> NodesAsync(string path, int count, CancellationToken ct) => await CreatedAsync(path, count, name => JsonSerializer.SerializeToNode(new KontenaNode
    {
        ApiVersion = KontenaKinds.KontenaNodes.ApiVersion,
        Kind = KontenaKinds.KontenaNodes.Kind,
        Metadata = new ObjectMeta { Name = name },
        Spec = new KontenaNodeSpec
        {
            PoolName = "ceiling",
            PoolUID = "ceiling",
            Revision = "ceiling",
            Ordinal = 0,
            Provider = new ProviderSpec { Aws = new AwsSettings { Region = "eu-west-1", InstanceTypes = ["t3.small"], CredentialsRef = new SecretRef { Name = "aws" } } },
        },
    }, KontenaKinds.KontenaNodes.Json)!, ct);

    private async Task<double> CreatedAsync(string path, int count, Func<string, JsonNode> document, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (i, token) =>
            (await http.SendAsync(HttpMethod.Post, path, document($"ceiling-{i}"), "application/json", token)).Succeeded());
        var rate = count / watch.Elapsed.TotalSeconds;
        (await http.SendAsync(HttpMethod.Delete, $"{path}?gracePeriodSeconds=0", null, "application/json", ct)).Succeeded();
        return rate;
    }
}
