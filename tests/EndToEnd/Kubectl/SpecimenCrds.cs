using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.TestKit;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>The kinds of <c>Crds/</c>, which have what NodePool does not: installed in an engine when the first interaction asks for them.</summary>
public static class SpecimenCrds
{
    private static readonly ConditionalWeakTable<ApiEngine, Lazy<Task>> installed = [];

    public static async Task<Scene> WithSpecimensAsync(this Scene scene)
    {
        // Not the scene's token: its end must not fail the others.
        await installed.GetValue(scene.Engine, engine => new Lazy<Task>(() => InstallAsync(engine, Read(), CancellationToken.None))).Value;
        return scene;
    }

    /// <summary>Creates definitions and returns when each of them is served.</summary>
    public static async Task InstallAsync(ApiEngine engine, IReadOnlyList<JsonObject> definitions, CancellationToken ct)
    {
        if (engine is RealApiServer real) await real.InstallCrdsAsync(definitions, ct);
        else
            foreach (var crd in definitions)
                (await engine.Http.SendAsync(HttpMethod.Post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd, "application/json", ct)).Succeeded();
    }

    private static List<JsonObject> Read() =>
        [.. YamlDocuments.Read(File.ReadAllText(Path.Combine(RepositoryFolders.Root, "tests", "EndToEnd", "Kubectl", "Crds", "specimens.yaml")))];
}
