using System.Text.Json.Nodes;

namespace Kontena.EndToEnd.Manifests;

/// <summary>The arguments of the operator's container as the kubelet passes them on.</summary>
internal static class PodArguments
{
    /// <summary>Each <c>$(NAME)</c> replaced by the variable's value: a literal, or the pod's own namespace.</summary>
    public static IReadOnlyList<string> Of(JsonObject deployment)
    {
        var container = deployment["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Single()!;
        var variables = container["env"]!.AsArray().ToDictionary(v => v!["name"]!.GetValue<string>(), v => ValueOf(v!, deployment), StringComparer.Ordinal);
        return [.. container["args"].Strings().Select(a => variables.Aggregate(a, (text, v) => text.Replace($"$({v.Key})", v.Value, StringComparison.Ordinal)))];
    }

    private static string ValueOf(JsonNode variable, JsonObject deployment) => variable["value"]?.GetValue<string>()
        ?? (variable["valueFrom"]?["fieldRef"]?["fieldPath"]?.GetValue<string>() == "metadata.namespace"
            ? deployment.Namespace()!
            : throw new NotSupportedException($"The tests do not know how a kubelet fills {variable.ToJsonString()}."));
}
