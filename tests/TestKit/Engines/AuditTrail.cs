using System.Text.Json.Nodes;

namespace Kontena.TestKit.Engines;

/// <summary>What ServiceAccounts asked of a real API server, as its own audit log tells it. Other users' requests are not written down.</summary>
public sealed class AuditTrail(string path)
{
    /// <summary>A watch is told of, twice, when it is over at the latest; a request that nobody answered, never.</summary>
    internal const string Policy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - level: Metadata
          userGroups: ["system:serviceaccounts"]
        - level: None

        """;

    /// <summary>All of them so far, in order; a line that is being written is left out.</summary>
    public IEnumerable<AuditedRequest> Read()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
            if (line.EndsWith('}') && JsonNode.Parse(line) is JsonObject audited && audited["objectRef"] is JsonObject about) yield return Of(audited, about);
    }

    private static AuditedRequest Of(JsonObject audited, JsonObject about) => new(
        Text(audited["user"]!, "username"), Text(audited, "verb"), Text(about, "apiGroup"), Text(about, "resource"), Text(about, "subresource"),
        Text(about, "namespace"), Text(about, "name"), Text(audited["annotations"], "authorization.k8s.io/decision") == "allow");

    private static string Text(JsonNode? node, string field) => node?[field]?.GetValue<string>() ?? "";
}
