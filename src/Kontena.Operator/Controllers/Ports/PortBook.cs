using System.Collections.Concurrent;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>What was last seen of every owner's firewalls, by the owner's UID: published by those who look, read by those who write statuses.</summary>
internal sealed class PortBook
{
    private readonly ConcurrentDictionary<string, OwnerPorts> owners = new(StringComparer.Ordinal);

    /// <returns>Null where nobody has looked since the operator started, or the owner needs no firewalls.</returns>
    public OwnerPorts? Of(string ownerUid) => owners.GetValueOrDefault(ownerUid);

    /// <returns>True where it says something else than before.</returns>
    public bool Publish(string ownerUid, OwnerPorts ports)
    {
        var isNews = !owners.TryGetValue(ownerUid, out var before) || !before.Says(ports);
        owners[ownerUid] = ports;
        return isNews;
    }

    public void Forget(string ownerUid) => owners.TryRemove(ownerUid, out _);
}
