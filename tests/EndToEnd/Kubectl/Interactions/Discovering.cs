using System.Text.Json.Nodes;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>
/// The plain documents of discovery, for the kinds that both engines serve. Aggregated discovery and OpenAPI v3 are newer than the real
/// engine's front: <see cref="DocumentTests"/> holds them against these documents and against the definitions.
/// </summary>
public static class Discovering
{
    [Interaction]
    public static async Task Groups_AndTheirVersions(Scene scene)
    {
        await scene.WithSpecimensAsync();
        var all = (await scene.QuietHttpAsync(HttpMethod.Get, "/apis"))["groups"]!.AsArray();
        foreach (var name in new[] { "kontena.io", "test.kontena.io", "coordination.k8s.io", "apiextensions.k8s.io" })
        {
            var group = all.Single(g => $"{g!["name"]}" == name)!;
            scene.Say($"{name}: {string.Join(' ', group["versions"]!.AsArray().Select(v => v!["groupVersion"]).Where(IsServedByBoth))}, preferred {group["preferredVersion"]!["version"]}");
        }
        await scene.HttpAsync(HttpMethod.Get, "/apis/test.kontena.io", show: ["name", "versions", "preferredVersion"]);
        await scene.HttpAsync(HttpMethod.Get, "/apis/nobody.example.org");
        await scene.HttpAsync(HttpMethod.Get, "/api", show: ["versions"]);

        // 1.20 serves beta versions of these two that are gone since 1.22.
        static bool IsServedByBoth(JsonNode? version) => $"{version}" is not ("coordination.k8s.io/v1beta1" or "apiextensions.k8s.io/v1beta1");
    }

    [Interaction]
    public static async Task Resources_OfEachVersion(Scene scene)
    {
        await scene.WithSpecimensAsync();
        foreach (var (path, served) in new[]
        {
            ("/api/v1", new[] { "configmaps", "events", "namespaces", "secrets" }), ("/apis/coordination.k8s.io/v1", ["leases"]),
            ("/apis/apiextensions.k8s.io/v1", ["customresourcedefinitions"]), ("/apis/test.kontena.io/v1", ["specimens", "plains"]), ("/apis/test.kontena.io/v1beta1", ["specimens"]),
        })
        {
            var list = await scene.QuietHttpAsync(HttpMethod.Get, path);
            scene.Say($"{list["kind"]} {list["groupVersion"]}");
            foreach (var resource in list["resources"]!.AsArray().OrderBy(r => $"{r!["name"]}", StringComparer.Ordinal))
                // A namespace's finalizers are its collector's in the embedded server, and no door leads to them.
                if (served.Contains($"{resource!["name"]}".Split('/')[0]) && $"{resource["name"]}" != "namespaces/finalize") scene.Say($"  {Line(resource)}");
        }
    }

    private static string Line(JsonNode resource)
    {
        // 1.20 leaves the singular name of core kinds empty; the hash of the stored version is a build's own.
        var words = new[] { "shortNames", "categories" }.Select(field => resource[field] is JsonArray list ? $" {field}={string.Join(',', list)}" : "");
        var kind = string.Join('/', new[] { resource["group"], resource["version"], resource["kind"] }.Where(p => p is not null));
        return $"{resource["name"]} {kind} namespaced={resource["namespaced"]} {string.Join(',', resource["verbs"]!.AsArray().Select(v => $"{v}").Order(StringComparer.Ordinal))}{string.Concat(words)}";
    }
}
