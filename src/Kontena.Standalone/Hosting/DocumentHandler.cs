using Kontena.Standalone.Discovery;
using Kontena.Standalone.OpenApi;
using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Hosting;

/// <summary>The documents about the API: version, discovery, OpenAPI.</summary>
internal sealed class DocumentHandler(CurrentCatalog catalog)
{
    private volatile OpenApiDocuments openApi = new(ResourceCatalog.BuiltInOnly);

    /// <summary>Answers when the path is one of a document; false when it is not.</summary>
    public async Task<bool> TryHandleAsync(HttpContext context, IReadOnlyList<string> segments, CancellationToken ct)
    {
        if (segments is ["openapi", "v3", ..])
        {
            await OpenApiAsync(context, string.Join('/', segments.Skip(2)), ct);
            return true;
        }
        if (segments is ["api"] or ["apis"] && AcceptedForm.DiscoveryVersion(context.Request.Headers.Accept) is { } version)
        {
            var resources = catalog.Value.All.Where(r => r.Group.Length == 0 == (segments[0] == "api"));
            var aggregated = DiscoveryDocuments.Aggregated(resources, version);
            await Answers.BytesAsync(context.Response, 200, Json.JsonText.Serialize(aggregated),
                $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList", ct);
            return true;
        }
        if (Plain(context, segments) is not { } document) return false;
        if (!HttpMethods.IsGet(context.Request.Method)) throw Fault.MethodNotAllowed();
        await Answers.JsonAsync(context.Response, 200, document, ct);
        return true;
    }

    private JsonObject? Plain(HttpContext context, IReadOnlyList<string> segments)
    {
        var all = catalog.Value.All;
        return segments switch
        {
            ["version"] => Version(),
            ["api"] => DiscoveryDocuments.CoreVersions(context.Request.Host.Value ?? ""),
            ["api", var version] => DiscoveryDocuments.Resources(all, "", version),
            ["apis"] => DiscoveryDocuments.Groups(all.Where(r => r.Group.Length > 0)),
            ["apis", var group] => DiscoveryDocuments.Group(all, group),
            ["apis", var group, var version] => DiscoveryDocuments.Resources(all, group, version),
            _ => null,
        };
    }

    /// <summary>What clients decide their behaviour by: the Kubernetes version whose API this server follows.</summary>
    private static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "32",
        ["gitVersion"] = "v1.32.0-kontena",
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = "",
        ["platform"] = "linux/amd64",
    };

    private Task OpenApiAsync(HttpContext context, string groupVersionPath, CancellationToken ct)
    {
        var current = catalog.Value;
        if (openApi.Catalog != current) openApi = new OpenApiDocuments(current);
        var documents = openApi;
        if (groupVersionPath.Length == 0) return Answers.JsonAsync(context.Response, 200, documents.Index(), ct);
        return documents.Document(groupVersionPath) is { } document
            ? Answers.BytesAsync(context.Response, 200, document, "application/json", ct)
            : Answers.NotFoundAsync(context.Response, ct);
    }
}
