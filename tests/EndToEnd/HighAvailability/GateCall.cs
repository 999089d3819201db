using System.Text.Json.Nodes;

namespace Kontena.EndToEnd.HighAvailability;

/// <summary>A request of one operator process, as it came to its gate. The body is for comparing only: it may hold secrets.</summary>
/// <param name="Path">Of a call of the API server, without the query.</param>
internal sealed record GateCall(DateTimeOffset At, string Method, string Path, string Body)
{
    /// <summary>Of EC2; null for a call of the API server.</summary>
    public string? Action { get; } = Body.Split('&').FirstOrDefault(p => p.StartsWith("Action=", StringComparison.Ordinal))?["Action=".Length..];

    /// <summary>May change the cloud.</summary>
    public bool ChangesCloud => Action is not null && !Action.StartsWith("Describe", StringComparison.Ordinal);

    /// <summary>May change an object of the user's or the operator's; Events and the lease, which fence themselves, left out.</summary>
    public bool ChangesObjects => Action is null && Method != "GET" && !Path.Contains("/events", StringComparison.Ordinal) && !Path.Contains("/leases", StringComparison.Ordinal);

    public bool IsOf(string method, string resource) => Action is null && Method == method && Path.Split('/').Contains(resource);

    /// <summary>A merge patch that sets this field of the spec, or a JSON patch with an operation below this path.</summary>
    public bool Sets(string specField, string? path = null) => Body.Length > 0 && JsonNode.Parse(Body) switch
    {
        JsonObject merge => merge["spec"] is JsonObject spec && spec.ContainsKey(specField),
        JsonArray operations => path is not null && operations.Any(o => (string?)o!["op"] == "remove" && ((string?)o["path"])?.StartsWith(path, StringComparison.Ordinal) == true),
        _ => false,
    };

    public override string ToString() => $"{At:HH:mm:ss.fff} {Action ?? $"{Method} {Path}"}";
}
