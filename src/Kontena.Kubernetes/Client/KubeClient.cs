using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client.Auth;
using Kontena.Kubernetes.Client.Config;
using Kontena.Kubernetes.Client.Transport;
using Kontena.Kubernetes.Client.Watching;
using Kontena.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Client;

/// <summary>
/// The Kubernetes API over HTTP/2. One instance serves the whole process and any number of calls at once. It neither retries
/// nor limits its rate: the server's own fairness does the one, the work queues the other. Disposing it leaves open watches
/// to those who opened them.
/// </summary>
public sealed class KubeClient : IKubeApi, IDisposable
{
    private readonly Exchange exchange;
    private readonly KubeClientOptions options;
    private readonly TimeProvider time;

    /// <exception cref="KubeConfigFault">The token in the configuration cannot be one.</exception>
    public KubeClient(KubeAccess access, KubeClientOptions options, TimeProvider time, ILogger<KubeClient> log)
    {
        this.options = options;
        this.time = time;
        exchange = new Exchange(access, options, CredentialSources.For(access, time), time, log);
    }

    public Task<T> GetAsync<T>(ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource =>
        exchange.CallAsync(new ApiCall
        {
            Verb = "get",
            Resource = kind.ToString(),
            What = $"get {kind} {key}",
            Method = HttpMethod.Get,
            Uri = ApiPath.Object(kind, key),
            Key = key,
        }, (answer, token) => Body.ReadObjectAsync(answer, kind, token), ct);

    public Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource
    {
        var uri = new QueryText(ApiPath.Collection(kind, query.Namespace))
            .Add("labelSelector", query.LabelSelector)
            .Add("fieldSelector", query.FieldSelector)
            .Add("limit", query.Limit)
            .Add("continue", query.Continue);
        // The token of a page already names its version; the server refuses both at once.
        if (query.Continue is null && query.ResourceVersion is { } version)
            uri.Add("resourceVersion", version).Add("resourceVersionMatch", version == "0" ? null : "NotOlderThan");
        return exchange.CallAsync(new ApiCall
        {
            Verb = "list",
            Resource = kind.ToString(),
            What = $"list {kind}{In(query.Namespace)}",
            Method = HttpMethod.Get,
            Uri = uri.ToString(),
        }, (answer, token) => Body.ReadListAsync(answer, kind, token), ct);
    }

    public async Task<IWatch<T>> WatchAsync<T>(ResourceKind<T> kind, WatchQuery query, CancellationToken ct) where T : class, IResource
    {
        var uri = new QueryText(ApiPath.Collection(kind, query.Namespace))
            .Add("watch", "true")
            .Add("resourceVersion", query.ResourceVersion.Length == 0 ? null : query.ResourceVersion)
            .Add("timeoutSeconds", (long)Math.Ceiling(query.Timeout.TotalSeconds))
            .Add("labelSelector", query.LabelSelector)
            .Add("fieldSelector", query.FieldSelector)
            .Add("allowWatchBookmarks", query.Bookmarks ? "true" : null);
        var call = new ApiCall { Verb = "watch", Resource = kind.ToString(), What = $"watch {kind}{In(query.Namespace)}", Method = HttpMethod.Get, Uri = uri.ToString() };
        var answer = await exchange.OpenAsync(call, ct);
        if (answer.IsJson) return new Watch<T>(answer, kind, query.Timeout, options.MaxWatchLineLength, time);
        using (answer) throw Faults.Unexpected(answer, $"{answer.MediaType} where JSON was asked for");
    }

    public Task<T> CreateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource
    {
        var key = resource.Metadata.Key;
        var path = options.Subresource is null ? ApiPath.Home(kind, key.Namespace) : ApiPath.Object(kind, key, options.Subresource);
        return WriteAsync(kind, "create", HttpMethod.Post, path, key, Serialize(kind, resource), options, ct);
    }

    public Task<T> UpdateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource
    {
        var key = resource.Metadata.Key;
        return WriteAsync(kind, "update", HttpMethod.Put, ApiPath.Object(kind, key, options.Subresource), key, Serialize(kind, resource), options, ct);
    }

    public Task<T> PatchAsync<T>(ResourceKind<T> kind, ObjectKey key, Patch patch, WriteOptions options, CancellationToken ct) where T : class, IResource
    {
        if (patch.Format == PatchFormat.Apply && string.IsNullOrEmpty(options.FieldManager))
            throw new ArgumentException("Server-side apply needs a field manager", nameof(options));
        var path = ApiPath.Object(kind, key, options.Subresource);
        var force = patch.Format == PatchFormat.Apply ? (patch.Force ? "true" : "false") : null;
        return exchange.CallAsync(new ApiCall
        {
            Verb = "patch",
            Resource = kind.ToString(),
            What = $"patch {kind} {key}{Of(options)}",
            Method = HttpMethod.Patch,
            Uri = new QueryText(path).Add(Signed(options)).Add("force", force).ToString(),
            Key = key,
            Body = patch.Body,
            MediaType = MediaType(patch.Format),
            DryRun = options.DryRun,
        }, (answer, token) => Body.ReadObjectAsync(answer, kind, token), ct);
    }

    public Task<T?> DeleteAsync<T>(ResourceKind<T> kind, ObjectKey key, DeleteQuery query, CancellationToken ct) where T : class, IResource =>
        exchange.CallAsync(new ApiCall
        {
            Verb = "delete",
            Resource = kind.ToString(),
            What = $"delete {kind} {key}",
            Method = HttpMethod.Delete,
            Uri = ApiPath.Object(kind, key),
            Key = key,
            Body = JsonSerializer.SerializeToUtf8Bytes(DeleteOptions.From(query), ClientJson.Default.DeleteOptions),
            DryRun = query.DryRun,
        }, (answer, token) => Body.ReadDeletedAsync(answer, kind, token), ct);

    public void Dispose() => exchange.Dispose();

    private Task<T> WriteAsync<T>(
        ResourceKind<T> kind, string verb, HttpMethod method, string path, ObjectKey key, byte[] body, WriteOptions options, CancellationToken ct)
        where T : class, IResource =>
        exchange.CallAsync(new ApiCall
        {
            Verb = verb,
            Resource = kind.ToString(),
            What = $"{verb} {kind} {key}{Of(options)}",
            Method = method,
            Uri = new QueryText(path).Add(Signed(options)).ToString(),
            Key = key,
            Body = body,
            DryRun = options.DryRun,
        }, (answer, token) => Body.ReadObjectAsync(answer, kind, token), ct);

    private WriteOptions Signed(WriteOptions write) => write.FieldManager is null ? write with { FieldManager = options.FieldManager } : write;

    // The items of a list of a built-in kind carry neither apiVersion nor kind; a write must.
    private static byte[] Serialize<T>(ResourceKind<T> kind, T resource) where T : class, IResource
    {
        if (resource is { ApiVersion: not null, Kind: not null }) return JsonSerializer.SerializeToUtf8Bytes(resource, kind.Json);
        var named = JsonSerializer.SerializeToNode(resource, kind.Json)!.AsObject(); // an object serialises to an object
        named["apiVersion"] = resource.ApiVersion ?? kind.ApiVersion;
        named["kind"] = resource.Kind ?? kind.Kind;
        return JsonSerializer.SerializeToUtf8Bytes<JsonNode>(named);
    }

    private static string MediaType(PatchFormat format) => format switch
    {
        PatchFormat.Merge => "application/merge-patch+json",
        PatchFormat.Json => "application/json-patch+json",
        PatchFormat.Apply => "application/apply-patch+yaml", // JSON is YAML
        PatchFormat.StrategicMerge => "application/strategic-merge-patch+json",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown patch format"),
    };

    private static string Of(WriteOptions options) => options.Subresource is null ? "" : $" ({options.Subresource})";

    private static string In(string? space) => string.IsNullOrEmpty(space) ? "" : $" in {space}";
}
