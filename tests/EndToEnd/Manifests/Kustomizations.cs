using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.TestKit;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.Manifests;

/// <summary>The folders under <c>manifests/</c> that <c>kubectl apply -k</c> takes, and what they come to.</summary>
internal static class Kustomizations
{
    public const string Base = "manifests";
    public const string Namespaced = "manifests/overlays/namespaced";
    public const string ServiceMonitor = "manifests/overlays/servicemonitor";

    /// <summary>What is applied as it is: the whole install, and each overlay.</summary>
    public static IReadOnlyList<string> Installs { get; } = [Base, Namespaced, ServiceMonitor];

    /// <summary>Every folder with a kustomization, parts included.</summary>
    public static IReadOnlyList<string> All() =>
    [
        .. Directory.GetFiles(Folder(Base), "kustomization.yaml", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(RepositoryFolders.Root, Path.GetDirectoryName(f)!)).Order(StringComparer.Ordinal),
    ];

    public static string Folder(string kustomization) => Path.Combine(RepositoryFolders.Root, kustomization);

    /// <summary>Every object as kubectl builds it; the calling test is skipped, with the reason, where there is no kubectl.</summary>
    public static async Task<IReadOnlyList<JsonObject>> RenderAsync(string kustomization, CancellationToken ct)
    {
        // Building asks no server: none of this kubeconfig is read.
        using var kubectl = KubectlClient.Require("/dev/null", contextNamespace: null);
        return YamlDocuments.Read((await kubectl.RunAsync(["kustomize", Folder(kustomization)], null, null, ct)).Succeeded().Output);
    }
}
