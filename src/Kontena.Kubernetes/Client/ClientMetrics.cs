using System.Diagnostics.Metrics;
using Kontena.Kubernetes.Client.Transport;

namespace Kontena.Kubernetes.Client;

/// <summary>What the client measures, under the meter <c>kontena.kubernetes.client</c>.</summary>
public static class ClientMetrics
{
    public const string MeterName = "kontena.kubernetes.client";

    private static readonly Meter meter = new(MeterName);

    // As client-go's rest_client_requests_total; by resource too, since "who writes so much?" is what one asks it.
    private static readonly Counter<long> requests = meter.CreateCounter<long>("requests", description: "Requests sent to the API server, each try counted, by verb, resource and status code (none: no answer)");

    internal static void Count(ApiCall call, string code) => requests.Add(1, Tag("verb", call.Verb), Tag("resource", call.Resource), Tag("code", code));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
