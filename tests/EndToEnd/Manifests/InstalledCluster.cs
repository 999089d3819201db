using System.Text.Json.Nodes;
using Kontena.EndToEnd.Access;
using Kontena.EndToEnd.Engines;
using Kontena.TestKit.Engines;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.Manifests;

/// <summary>A real API server of its own on which <c>kubectl apply -k manifests/</c> has been run.</summary>
internal sealed class InstalledCluster : IAsyncDisposable
{
    private InstalledCluster(RealApiServer server)
    {
        Server = server;
        Kubectl = KubectlClient.Require(server.KubeconfigPath, contextNamespace: null);
    }

    public RealApiServer Server { get; }

    public KubectlClient Kubectl { get; }

    /// <summary>Of the first apply, on an empty cluster.</summary>
    public required ApplyOutcome Installed { get; init; }

    /// <summary>Skips the calling test, with the reason, where there is no kube-apiserver or no kubectl.</summary>
    public static void Require()
    {
        ApiServerBinaries.Require();
        KubectlBinary.Require();
    }

    public static async Task<InstalledCluster> StartAsync(CancellationToken ct)
    {
        var server = await RealApiServer.StartAsync(ct);
        return await InstallAsync(server, async () =>
        {
            // They are there; where a server of their own serves them, this makes it known.
            await server.InstallCrdsAsync(NodePoolCrds.Read(), ct);
            server.StartGarbageCollector();
        }, ct);
    }

    /// <summary>With an admission plugin that is off by default, and sees custom resources.</summary>
    public static async Task<InstalledCluster> StartAsync(string admissionPlugin, CancellationToken ct) =>
        await InstallAsync(await RealApiServer.StartAloneAsync([$"--enable-admission-plugins={admissionPlugin}"], ct), () => Task.CompletedTask, ct);

    public Task<ApplyOutcome> ApplyAsync(string kustomization, IReadOnlyList<string> more, CancellationToken ct) => ApplyAsync(Server, Kubectl, kustomization, more, ct);

    public async Task CreateNamespaceAsync(string name, CancellationToken ct) => (await Kubectl.RunAsync(["create", "namespace", name], null, null, ct)).Succeeded();

    /// <summary>True where the server's discovery has this version of the kind.</summary>
    public async Task<bool> ServesAsync(JsonObject document, CancellationToken ct)
    {
        var version = document["apiVersion"]!.GetValue<string>();
        var answer = await Server.Http.GetAsync(version.Contains('/', StringComparison.Ordinal) ? $"/apis/{version}" : $"/api/{version}", ct);
        return answer.Code == 200 && answer.Json["resources"]!.AsArray().Any(r => r!["kind"]!.GetValue<string>() == document.Kind());
    }

    /// <summary>A kubeconfig with a token of this account.</summary>
    public async Task<string> AccountKubeconfigAsync(string ns, string account, CancellationToken ct)
    {
        var config = await AccountKubeconfig.TextAsync(ClusterAccess.Read(Server.KubeconfigPath), ns, account, ct);
        // A file for each call: tests ask at the same time, and one must not read what another is writing.
        return Kubectl.WriteFile($"kubeconfig.{ns}.{account}.{Guid.NewGuid():n}", config);
    }

    public async ValueTask DisposeAsync()
    {
        Kubectl.Dispose();
        await Server.DisposeAsync();
    }

    private static async Task<InstalledCluster> InstallAsync(RealApiServer server, Func<Task> afterApply, CancellationToken ct)
    {
        try
        {
            using var first = KubectlClient.Require(server.KubeconfigPath, contextNamespace: null);
            var cluster = new InstalledCluster(server) { Installed = await ApplyAsync(server, first, Kustomizations.Base, [], ct) };
            await afterApply();
            return cluster;
        }
        catch
        {
            server.KeepLogs = true;
            await server.DisposeAsync();
            throw;
        }
    }

    private static async Task<ApplyOutcome> ApplyAsync(RealApiServer server, KubectlClient kubectl, string kustomization, IReadOnlyList<string> more, CancellationToken ct)
    {
        // The older server's own schemas do not know all fields of CRDs, which a newer server behind it takes. Of all else a misspelt field is refused.
        var trusting = !server.Features.Contains(EngineFeature.OpenApiV3) && (await Kustomizations.RenderAsync(kustomization, ct)).OfKind("CustomResourceDefinition").Any();
        var validate = trusting ? ["--validate=false"] : Array.Empty<string>();
        return ApplyOutcome.Of(await kubectl.RunAsync(["apply", "-k", Kustomizations.Folder(kustomization), .. validate, .. more], null, null, ct));
    }
}
