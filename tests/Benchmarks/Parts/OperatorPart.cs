using System.Globalization;
using Kontena.Benchmarks.Measurements;
using Kontena.TestKit;
using Kontena.TestKit.Engines;

namespace Kontena.Benchmarks.Parts;

/// <summary>The operator as it is delivered, alone in its process: <c>Kontena.Operator run</c>.</summary>
internal sealed class OperatorPart : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private readonly LeashedProcess process;
    private readonly HttpClient http;
    private readonly string folder;

    private OperatorPart(LeashedProcess process, HttpClient http, string folder) => (this.process, this.http, this.folder) = (process, http, folder);

    /// <summary>A thousand machines at EC2's own two launches a second take eight minutes: what is measured then is EC2.</summary>
    public const double Unpaced = 100_000;

    /// <param name="pace">Multiple of the provider's limits; 1 is as delivered.</param>
    public static async Task<OperatorPart> StartAsync(ServerPart server, double pace, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("kontena-bench-operator-").FullName;
        var port = LoopbackPorts.Take(1)[0];
        var process = LeashedProcess.Start(folder, Path.Combine(AppContext.BaseDirectory, "Kontena.Operator"),
            ["run", "--kubeconfig", server.KubeconfigPath, "--namespace", "kube-system", "--listen", $"127.0.0.1:{port}", "--provider-pace", pace.ToString(CultureInfo.InvariantCulture)]);
        var part = new OperatorPart(process, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") }, folder);
        try
        {
            await Eventually.HoldsAsync(() => part.IsReadyAsync(ct), "the operator ready", StartsWithin, ct);
            return part;
        }
        catch
        {
            await part.DisposeAsync();
            throw;
        }
    }

    public int Pid => process.Pid;

    /// <summary>Requests to the API server since the start, as the operator counts them: "verb resource code".</summary>
    public async Task<IReadOnlyDictionary<string, long>> RequestsAsync(CancellationToken ct) =>
        MetricsText.Samples(await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), ct), "kontena_kubernetes_client_requests_total")
            .ToDictionary(s => $"{s.Labels["verb"]} {s.Labels["resource"]} {s.Labels["code"]}", s => (long)s.Value, StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        if (process.HasExited) throw new InvalidOperationException(process.RecentLog(20));
        try
        {
            using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }
}
