using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Client.Transport;

/// <summary>Reading the body of a success, and doubting it: a proxy's page or an answer about something else is a fault, never data.</summary>
internal static class Body
{
    // Objects are bounded by etcd's 1.5 MiB and a little of our own server's making; this only stops a runaway.
    private const int MaxObject = 16 * 1024 * 1024;

    public static async Task<T> ReadObjectAsync<T>(Answer answer, ResourceKind<T> kind, CancellationToken ct) where T : class, IResource =>
        Checked(await ReadAsync(answer, kind.Json, ct), answer, kind);

    public static async Task<ResourceList<T>> ReadListAsync<T>(Answer answer, ResourceKind<T> kind, CancellationToken ct) where T : class, IResource
    {
        var list = await ReadAsync(answer, kind.ListJson, ct);
        // "{}" from something that is not the API server must not pass for an empty list: it would read as "all gone".
        if (list.Kind != $"{kind.Kind}List") throw Faults.Unexpected(answer, $"a {Short(list.Kind)} where a {kind.Kind}List was asked for");
        if (string.IsNullOrEmpty(list.Metadata?.ResourceVersion)) throw Faults.Unexpected(answer, "a list without a resourceVersion");
        return list.Items is null ? list with { Items = [] } : list;
    }

    /// <summary>Null for the Status that says "gone".</summary>
    public static async Task<T?> ReadDeletedAsync<T>(Answer answer, ResourceKind<T> kind, CancellationToken ct) where T : class, IResource
    {
        var bytes = await ReadBytesAsync(answer, MaxObject, ct) ?? throw Faults.Unexpected(answer, $"more than {MaxObject} bytes");
        if (JsonKind.Of(bytes) != "Status")
            return Checked(Parse(answer, () => JsonSerializer.Deserialize(bytes, kind.Json)), answer, kind);
        var status = Parse(answer, () => JsonSerializer.Deserialize(bytes, ClientJson.Default.KubeStatus));
        if (status.Status != "Success") throw Faults.Unexpected(answer, "a Status that is not Success");
        // 202 is "will be"; the caller must not take it for "is".
        if (answer.Code != 200) throw Faults.Unexpected(answer, "a Status that does not say whether the object is gone");
        return null;
    }

    /// <summary>At most <paramref name="max"/> bytes, null where there are more.</summary>
    public static async Task<byte[]?> ReadBytesAsync(Answer answer, int max, CancellationToken ct)
    {
        await using var stream = await answer.OpenBodyAsync(ct);
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, ct) is var read and > 0)
        {
            if (kept.Length + read > max) return null;
            kept.Write(buffer, 0, read);
        }
        return kept.ToArray();
    }

    private static async Task<T> ReadAsync<T>(Answer answer, JsonTypeInfo<T> json, CancellationToken ct) where T : class
    {
        if (!answer.IsJson) throw Faults.Unexpected(answer, $"{Short(answer.MediaType)} where JSON was asked for");
        await using var stream = await answer.OpenBodyAsync(ct);
        try
        {
            return await JsonSerializer.DeserializeAsync(stream, json, ct) ?? throw Faults.Unexpected(answer, "null");
        }
        catch (JsonException e)
        {
            throw Faults.Unreadable(answer, e);
        }
    }

    private static T Parse<T>(Answer answer, Func<T?> parse) where T : class
    {
        if (!answer.IsJson) throw Faults.Unexpected(answer, $"{Short(answer.MediaType)} where JSON was asked for");
        try
        {
            return parse() ?? throw Faults.Unexpected(answer, "null");
        }
        catch (JsonException e)
        {
            throw Faults.Unreadable(answer, e);
        }
    }

    private static T Checked<T>(T resource, Answer answer, ResourceKind<T> kind) where T : class, IResource
    {
        if (resource.Kind is { } said && said != kind.Kind) throw Faults.Unexpected(answer, $"a {Short(said)} where a {kind.Kind} was asked for");
        if (string.IsNullOrEmpty(resource.Metadata?.Name)) throw Faults.Unexpected(answer, "an object without a name");
        if (answer.Call.Key is { Name.Length: > 0 } key && key.Name != resource.Metadata.Name) throw Faults.Unexpected(answer, "another object than the one asked for");
        return resource;
    }

    private static string Short(string? word) => word is null ? "document without a kind" : word.Length <= 60 ? word : word[..60] + "…";
}
