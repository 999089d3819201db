using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// Asks a server, before a watch goes on, whether its data was put back to an earlier copy meanwhile. Such a server counts from lower numbers:
/// asked to watch from ours it may wait in silence until it comes to them (etcd#16028; kube-apiserver 1.20 and 1.36 do for custom
/// resources), and all that happens until then is never told.
/// </summary>
internal sealed class PutBackCheck<T>(IKubeApi api, ResourceKind<T> kind, Store<T> store, InformerOptions options, TimeProvider time, ILogger log)
    where T : class, IResource
{
    /// <summary>True where a watch may go on from <paramref name="version"/>; two small reads.</summary>
    /// <exception cref="KubeFault">The server does not tell.</exception>
    public async Task<bool> IsAsItWasAsync(string version, CancellationToken ct)
    {
        var now = await VersionAsync(ct);
        if (ResourceVersions.Compare(now, version) < 0)
        {
            log.LogWarning("The API server's data was put back: {Kind} are at version {Version} and were at {Before}. Reading all of them again", kind.ToString(), now, version);
            return false;
        }
        if (await IsNewestThereAsync(ct)) return true;
        log.LogDebug("The newest of the {Kind} is not there any more as it was seen. Reading all of them again", kind.ToString());
        return false;
    }

    /// <summary>Of a list of one object, read from etcd itself. Without the labels: an etcd that holds none with them would be searched to its end.</summary>
    private async Task<string?> VersionAsync(CancellationToken ct)
    {
        var query = new ListQuery(options.Namespace, FieldSelector: options.FieldSelector, Limit: 1);
        var page = await CallDeadline.RunAsync(time, options.CallTimeout, $"asking for the version of {kind}", token => api.ListAsync(kind, query, token), ct);
        return page.Metadata.ResourceVersion;
    }

    /// <summary>
    /// A busy server that was put back counts past our version in seconds. It still lacks what was written last, which is deleted seldom enough
    /// that listing then costs nothing worth sparing.
    /// </summary>
    private async Task<bool> IsNewestThereAsync(CancellationToken ct)
    {
        if (Newest() is not { } newest) return true;
        try
        {
            var now = await CallDeadline.RunAsync(time, options.CallTimeout, $"reading {kind} {newest.Metadata.Key} again", token => api.GetAsync(kind, newest.Metadata.Key, token), ct);
            return now.Metadata.Uid == newest.Metadata.Uid && !(ResourceVersions.Compare(now.Metadata.ResourceVersion, newest.Metadata.ResourceVersion) < 0);
        }
        // By the API server's own word: a proxy's 404 says nothing.
        catch (KubeFault fault) when (fault.Reason == FaultReason.NotFound && fault.Status is not null)
        {
            return false;
        }
    }

    private T? Newest()
    {
        T? newest = null;
        foreach (var o in store.All)
            if (newest is null || ResourceVersions.Compare(o.Metadata.ResourceVersion, newest.Metadata.ResourceVersion) > 0) newest = o;
        return newest;
    }
}
