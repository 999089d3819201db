using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Kontena.TestKit.Engines;

/// <summary>
/// A running Kubernetes API server for tests: the real one (<see cref="RealApiServer"/>) or the operator's embedded one.
/// One engine serves many tests at once; each test works in a namespace of its own.
/// </summary>
public abstract class ApiEngine : IAsyncDisposable
{
    private static int namespaces;
    private readonly Lazy<ApiHttp> http;

    protected ApiEngine() => http = new Lazy<ApiHttp>(() => new ApiHttp(ClusterAccess.Read(KubeconfigPath)));

    /// <summary>A word for test names: <c>Real</c>, <c>Embedded</c>.</summary>
    public abstract string Name { get; }

    public abstract Uri Address { get; }

    /// <summary>A kubeconfig that may do everything.</summary>
    public abstract string KubeconfigPath { get; }

    public abstract IReadOnlySet<EngineFeature> Features { get; }

    /// <summary>Plain HTTP with the rights of <see cref="KubeconfigPath"/>.</summary>
    public ApiHttp Http => http.Value;

    /// <summary>The last lines of the engine's own logs, for a failed test.</summary>
    public abstract string RecentLogs();

    /// <summary>
    /// Stops the engine and starts it again at its address, with its data and its keys; returns when it serves all that it served. For an
    /// engine of the test's own: it ends the watches of everybody.
    /// </summary>
    public abstract Task RestartAsync(CancellationToken ct);

    /// <summary>Skips the calling test where this engine lacks <paramref name="feature"/>.</summary>
    public void Require(EngineFeature feature)
    {
        if (!Features.Contains(feature)) Assert.Ignore(WhyNot(feature));
    }

    /// <summary>Makes a namespace that no other test has and returns its name.</summary>
    public async Task<string> CreateNamespaceAsync(CancellationToken ct)
    {
        var name = $"test-{Environment.ProcessId}-{Interlocked.Increment(ref namespaces)}";
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };
        (await Http.SendAsync(HttpMethod.Post, "/api/v1/namespaces", body, "application/json", ct)).Succeeded();
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        if (http.IsValueCreated) http.Value.Dispose();
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What a skipped test says; an engine that knows more than the name overrides it.</summary>
    protected virtual string WhyNot(EngineFeature feature) => $"The {Name} engine has no {feature}.";

    protected abstract ValueTask StopAsync();
}
