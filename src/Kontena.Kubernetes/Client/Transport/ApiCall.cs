using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Client.Transport;

/// <summary>One request, before it has credentials: it can be sent again.</summary>
internal sealed class ApiCall
{
    /// <summary>What is done to what, for messages: <c>create nodepools.kontena.io default/web</c>.</summary>
    public required string What { get; init; }

    /// <summary>Get, list, watch, create, update, patch or delete, for the metrics.</summary>
    public required string Verb { get; init; }

    /// <summary>Resource and group, for the metrics: <c>nodepools.kontena.io</c>.</summary>
    public required string Resource { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>Path and query below the server's URL, without a leading slash.</summary>
    public required string Uri { get; init; }

    /// <summary>The object that a 404 has to be about; null for a collection.</summary>
    public ObjectKey? Key { get; init; }

    /// <summary>Null for a read.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    public string MediaType { get; init; } = "application/json";

    public bool DryRun { get; init; }

    /// <summary>Whether a lost answer leaves it open what happened.</summary>
    public bool MayChange => Body is not null && !DryRun;

    public override string ToString() => What;
}
