using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Controllers.Identities;

/// <summary>One grid during one look.</summary>
/// <param name="Master">Tells its Master from others: several Grids may be at one.</param>
/// <param name="Ours">Names at the Master that nodes of ours have.</param>
internal sealed record GridSight(ObjectKey Key, GridView View, string Master, HashSet<string> Ours)
{
    public static GridSight Of(ObjectKey key, IdentityContext context)
    {
        var url = context.Grids.Find(key)?.Spec.Master.Url;
        var master = Uri.TryCreate(url, UriKind.Absolute, out var uri) ? $"{uri.Host}:{uri.Port}{uri.AbsolutePath.TrimEnd('/')}" : key.ToString();
        return new GridSight(key, context.Hub.View(key.Namespace, key.Name), master, new HashSet<string>(StringComparer.Ordinal));
    }

    /// <summary>An older Grid stands for the same grid, and tells of its entries; or what answers is another grid.</summary>
    public bool IsAnothers => View.Holds?.Reason is GridReasons.GridClaimed or GridReasons.OtherGrid;
}
