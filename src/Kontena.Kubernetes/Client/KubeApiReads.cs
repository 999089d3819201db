using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Client;

/// <summary>Reads composed of the calls of <see cref="IKubeApi"/>.</summary>
public static class KubeApiReads
{
    private const int PageSize = 500;

    /// <summary>The object, or null where the server says that it does not exist. Every other fault is thrown.</summary>
    public static async Task<T?> FindAsync<T>(this IKubeApi api, ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource
    {
        try
        {
            return await api.GetAsync(kind, key, ct);
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.NotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Every object, read in pages of one snapshot (500, or <see cref="ListQuery.Limit"/>). Where the snapshot grows too old
    /// between two pages it starts again, once.
    /// </summary>
    public static async Task<Snapshot<T>> ListAllAsync<T>(this IKubeApi api, ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource
    {
        var first = query with { Limit = query.Limit ?? PageSize, Continue = null };
        return await ReadPagesAsync(api, kind, first, mayRestart: true, ct) ?? await ReadPagesAsync(api, kind, first, mayRestart: false, ct)
            ?? throw new InvalidOperationException("The last try throws or returns a snapshot");
    }

    // Null: the snapshot expired on the way and a restart is allowed.
    private static async Task<Snapshot<T>?> ReadPagesAsync<T>(IKubeApi api, ResourceKind<T> kind, ListQuery first, bool mayRestart, CancellationToken ct)
        where T : class, IResource
    {
        var page = await api.ListAsync(kind, first, ct);
        var version = page.Metadata.ResourceVersion ?? "";
        var items = new List<T>(page.Items);
        var token = page.Metadata.Continue;
        while (!string.IsNullOrEmpty(token))
        {
            try
            {
                page = await api.ListAsync(kind, first with { Continue = token }, ct);
            }
            catch (KubeFault fault) when (mayRestart && fault.Reason == FaultReason.Expired)
            {
                return null;
            }
            // A server that does not know the parameter sends the first page for ever.
            if (page.Metadata.Continue == token) throw new KubeFault(FaultReason.ServerError, $"list {kind}: the server answers a page with its own token");
            items.AddRange(page.Items);
            token = page.Metadata.Continue;
        }
        return new Snapshot<T>(items, version);
    }
}
