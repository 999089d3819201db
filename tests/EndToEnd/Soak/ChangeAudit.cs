using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;

namespace Kontena.EndToEnd.Soak;

/// <summary>
/// A subscriber that believes what it is told: it holds exactly what added, updated and removed add up to, and notes whatever does not fit what it was told
/// before. Called by the informer alone; read while that is quiet.
/// </summary>
internal sealed class ChangeAudit
{
    private readonly Dictionary<ObjectKey, (string Uid, string Version)> known = [];
    private readonly List<string> contradictions = [];

    public IReadOnlyList<string> Contradictions => contradictions;

    public long Added { get; private set; }

    public long Updated { get; private set; }

    public long Removed { get; private set; }

    /// <summary>Key, UID and version of each object that must exist now.</summary>
    public IEnumerable<(ObjectKey Key, string Uid, string Version)> Known => known.Select(k => (k.Key, k.Value.Uid, k.Value.Version));

    public void Take(StoreChange<KontenaNode> change)
    {
        switch (change)
        {
            case StoreChange<KontenaNode>.Present present:
                if (!known.TryAdd(present.Resource.Metadata.Key, Of(present.Resource))) Note(change, present.Resource, "was told of before");
                break;
            case StoreChange<KontenaNode>.Added added:
                Added++;
                if (!known.TryAdd(added.Resource.Metadata.Key, Of(added.Resource))) Note(change, added.Resource, "is known already");
                break;
            case StoreChange<KontenaNode>.Updated updated:
                Updated++;
                TakeUpdate(updated);
                break;
            case StoreChange<KontenaNode>.Removed removed:
                Removed++;
                if (!known.Remove(removed.Last.Metadata.Key, out var was) || was.Uid != removed.Last.Metadata.Uid) Note(change, removed.Last, $"is not known, but {was}");
                break;
            default:
                Note(change, null, "an unknown change");
                break;
        }
    }

    private void TakeUpdate(StoreChange<KontenaNode>.Updated updated)
    {
        var key = updated.After.Metadata.Key;
        if (!known.TryGetValue(key, out var was) || was != Of(updated.Before)) Note(updated, updated.Before, $"is not what was told last, {was}");
        if (updated.Before.Metadata.Uid != updated.After.Metadata.Uid) Note(updated, updated.After, "is another object: removed and added were to be told");
        if (ResourceVersions.Compare(updated.After.Metadata.ResourceVersion, updated.Before.Metadata.ResourceVersion) is not > 0) Note(updated, updated.After, $"is not newer than {was}");
        known[key] = Of(updated.After);
    }

    private static (string, string) Of(KontenaNode node) => (node.Metadata.Uid!, node.Metadata.ResourceVersion!);

    private void Note(StoreChange<KontenaNode> change, KontenaNode? node, string what)
    {
        if (contradictions.Count < 20) contradictions.Add($"{change.GetType().Name} {node?.Metadata.Key} {node?.Metadata.Uid} {node?.Metadata.ResourceVersion} {what}");
    }
}
