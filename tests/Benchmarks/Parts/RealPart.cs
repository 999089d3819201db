using System.Globalization;
using Kontena.Benchmarks.Measurements;
using Kontena.Operator.Resources;
using Kontena.TestKit.Engines;

namespace Kontena.Benchmarks.Parts;

/// <summary>kube-apiserver and etcd, where this machine has them.</summary>
internal sealed class RealPart : ServerPart
{
    private static readonly HashSet<string> WriteVerbs = ["POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION"];

    private RealPart(RealApiServer server) : base(server.KubeconfigPath) => Server = server;

    public RealApiServer Server { get; }

    public override IReadOnlyList<int> Pids => Server.Pids;

    /// <exception cref="NUnit.Framework.IgnoreException">There is no kube-apiserver on this machine.</exception>
    public static async Task<ServerPart> StartAsync(CancellationToken ct)
    {
        var server = await RealApiServer.StartAsync(ct);
        try
        {
            await server.InstallCrdsAsync(CustomResources.All(), ct);
            return new RealPart(server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public override async Task<IReadOnlyDictionary<string, long>?> CountedWritesAsync(CancellationToken ct)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var address in Server.Addresses)
        {
            using var http = new ApiHttp(ClusterAccess.Read(KubeconfigPath) with { Server = address });
            var answer = await http.GetAsync("/metrics", ct);
            foreach (var sample in MetricsText.Samples(answer.Text, "apiserver_request_total").Where(s => WriteVerbs.Contains(s.Labels.GetValueOrDefault("verb", ""))))
            {
                var resource = string.Create(CultureInfo.InvariantCulture, $"{sample.Labels["verb"]} {sample.Labels["resource"]}{(sample.Labels.GetValueOrDefault("subresource") is { Length: > 0 } sub ? "/" + sub : "")} {sample.Labels["code"]}");
                counts[resource] = counts.GetValueOrDefault(resource) + (long)sample.Value;
            }
        }
        return counts;
    }

    protected override ValueTask StopAsync() => Server.DisposeAsync();
}
