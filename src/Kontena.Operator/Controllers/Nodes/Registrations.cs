using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>
/// Entries that were sent to the Master and that the last listing may lack. Many nodes register at once: without this each would see the same free
/// numbers, and too many entries would stand where etcd members belong.
/// </summary>
internal sealed class Registrations(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectKey, Dictionary<string, DateTimeOffset>> sent = [];

    /// <summary>Names sent since the listing was begun.</summary>
    public IReadOnlySet<string> Pending(ObjectKey grid, GridView view)
    {
        lock (gate) return Unseen(grid, view).Keys.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Decides once more, of all that want to at once, and notes the name.</summary>
    /// <returns>False where the rule does not let it be made now.</returns>
    public bool TryBegin(ObjectKey grid, EntrySeen seen)
    {
        if (seen.View is not { Last: { } listing, Grid: { } info }) return false;
        lock (gate)
        {
            var names = Unseen(grid, seen.View);
            var others = names.Keys.Concat(seen.Pending).Where(n => n != seen.Name).ToHashSet(StringComparer.Ordinal);
            if (RegistrationRule.Check(listing, info.InitialSize, others, seen.GoingInPool, seen.Known) is not null) return false;
            names[seen.Name] = DateTimeOffset.MaxValue;
            return true;
        }
    }

    /// <summary>The call was answered: a listing begun from here on shows what came of it. One that was given up may be carried out for a while yet.</summary>
    public void Ended(ObjectKey grid, string name, bool made, bool outcomeUnknown)
    {
        lock (gate)
        {
            if (!sent.TryGetValue(grid, out var names)) return;
            if (made || outcomeUnknown) names[name] = time.GetUtcNow() + (outcomeUnknown ? MasterTrace.MaxCommitDelay : TimeSpan.Zero);
            else names.Remove(name);
        }
    }

    private Dictionary<string, DateTimeOffset> Unseen(ObjectKey grid, GridView view)
    {
        if (!sent.TryGetValue(grid, out var names)) sent[grid] = names = new(StringComparer.Ordinal);
        foreach (var seen in names.Where(n => n.Value < view.Last?.BegunAt || view.Last?.ByName(n.Key) is not null).Select(n => n.Key).ToList()) names.Remove(seen);
        return names;
    }
}
