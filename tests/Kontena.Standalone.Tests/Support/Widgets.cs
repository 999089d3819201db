using System.Text.Json.Nodes;
using Kontena.Standalone.Json;

namespace Kontena.Standalone.Tests.Support;

/// <summary>The custom resource of the tests.</summary>
internal static class Widgets
{
    public const string ApiVersion = "example.test/v1alpha1";
    public const string Path = "/apis/example.test/v1alpha1/namespaces/default/widgets";

    public static JsonObject Crd()
    {
        using var stream = typeof(Widgets).Assembly.GetManifestResourceStream("widgets.crd.json")!;
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return JsonText.ParseObject(buffer.ToArray());
    }

    /// <summary>A widget; <paramref name="spec"/> and <paramref name="metadata"/> are JSON without the braces.</summary>
    public static string Text(string name, string spec = "\"replicas\": 1", string metadata = "") => $$$"""
        {"apiVersion": "{{{ApiVersion}}}", "kind": "Widget", "metadata": {"name": "{{{name}}}"{{{(metadata.Length > 0 ? ", " : "")}}}{{{metadata}}} }, "spec": { {{{spec}}} }}
        """;
}
