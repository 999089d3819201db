using Kontena.Simulator.Kontena.Rest;
using Microsoft.AspNetCore.Http;

namespace Kontena.Simulator.Kontena.Agents;

/// <summary>What an agent says of itself in the handshake. A header that is there and empty is not one that is missing: an empty token counts as a token.</summary>
internal sealed record AgentHello(
    string? NodeId, string? NodeName, string Version, IReadOnlyList<string> Labels, DateTimeOffset? ConnectedAt, string? GridToken, string? NodeToken)
{
    public static AgentHello Read(IHeaderDictionary headers) => new(
        Header(headers, "Kontena-Node-Id"), Header(headers, "Kontena-Node-Name"), Header(headers, "Kontena-Version") ?? "",
        (Header(headers, "Kontena-Node-Labels") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries),
        RubyTime.Parse(Header(headers, "Kontena-Connected-At")), Header(headers, "Kontena-Grid-Token"), Header(headers, "Kontena-Node-Token"));

    public override string ToString() => $"{NodeName} {NodeId} {Version}";

    private static string? Header(IHeaderDictionary headers, string name) => headers.TryGetValue(name, out var value) ? value.ToString() : null;
}
