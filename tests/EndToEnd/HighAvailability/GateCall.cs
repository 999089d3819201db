using System.Text.Json.Nodes;

namespace Kontena.EndToEnd.HighAvailability;

/// <summary>A request of one operator process, as it came to its gate. The body is for comparing only: it may hold secrets.</summary>
internal sealed class GateCall(DateTimeOffset at, string method, string path, string body)
{
    public DateTimeOffset At => at;

    public string Method => method;

    /// <summary>Without the query.</summary>
    public string Path => path;

    public string Body => body;

    /// <summary>Of EC2; null for a call of the API server.</summary>
    public string? Action { get; } = body.Split('&').FirstOrDefault(p => p.StartsWith("Action=", StringComparison.Ordinal))?["Action=".Length..];

    /// <summary>Of the server's answer; null while there is none.</summary>
    public int? Status { get; set; }

    /// <summary>May change the cloud.</summary>
    public bool ChangesCloud => Action is not null && !Action.StartsWith("Describe", StringComparison.Ordinal);

    /// <summary>May change an object of the user's or the operator's; Events and the lease, which fence themselves, left out.</summary>
    public bool ChangesObjects => Action is null && Method != "GET" && !Path.Contains("/events", StringComparison.Ordinal) && !Path.Contains("/leases", StringComparison.Ordinal);

    public bool IsOf(string method, string resource) => Action is null && Method == method && Path.Split('/').Contains(resource);

    /// <summary>A merge patch that sets this field of the spec.</summary>
    public bool Sets(string specField) => Body.Length > 0 && JsonNode.Parse(Body) is JsonObject merge && merge["spec"] is JsonObject spec && spec.ContainsKey(specField);

    /// <summary>A JSON patch that removes something below this path.</summary>
    public bool Removes(string path) => Body.Length > 0 && JsonNode.Parse(Body) is JsonArray operations
        && operations.Any(o => (string?)o!["op"] == "remove" && ((string?)o["path"])?.StartsWith(path, StringComparison.Ordinal) == true);

    public override string ToString() => $"{At:HH:mm:ss.fff} {Action ?? $"{Method} {Path}"}";
}
