using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Orphans;
using Kontena.Operator.Inventories;
using Kontena.Operator.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Orphans;

/// <summary>Tells people of each orphan once: a log line, and an Event on its pool where that exists.</summary>
internal sealed class OrphanNews(OrphanContext context)
{
    private readonly Dictionary<(string ProviderId, string Reason), AccountKey> told = [];

    public void Tell(AccountKey account, IReadOnlyCollection<OrphanVerdict> verdicts)
    {
        var now = verdicts.Select(v => (v.Machine.ProviderId, v.Reason)).ToHashSet();
        foreach (var over in told.Where(t => t.Value == account && !now.Contains(t.Key)).ToList()) told.Remove(over.Key);
        foreach (var verdict in verdicts)
        {
            var message = verdict switch
            {
                OrphanVerdict.Report report => report.Message,
                OrphanVerdict.Condemn condemn => condemn.Message,
                _ => null,
            };
            // Two sets of credentials may open one account: its machines are listed twice and told once.
            if (message is not null && told.TryAdd((verdict.Machine.ProviderId, verdict.Reason), account)) Tell(verdict.Machine, EventType.Warning, verdict.Reason, message);
        }
    }

    public void TellRemoved(OrphanVerdict.Remove verdict) => Tell(verdict.Machine, EventType.Normal, verdict.Reason, verdict.Message);

    private void Tell(Machine machine, EventType type, string reason, string message)
    {
        if (type == EventType.Warning) context.Log.LogWarning("{Reason}: {Message}", reason, message);
        else context.Log.LogInformation("{Reason}: {Message}", reason, message);
        if (context.Pools.Store.All.FirstOrDefault(p => p.Metadata.Uid == machine.Marks?.PoolUid) is { } pool)
            context.Events.Record(KontenaKinds.NodePools, pool, type, "Orphan" + reason, message);
    }
}
