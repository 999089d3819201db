using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Orphans;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Inventories;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>
/// Tells of firewalls of this installation whose pool or Grid is not known: given up, or lost with its finalizer. They cost nothing and let in what
/// they always did, so they are only told of: once, when a second listing shows them still.
/// </summary>
internal sealed class UnownedFirewalls(Store<NodePool> pools, Store<Grid> grids, ILogger log)
{
    private static readonly Meter Meter = new(OrphanMetrics.MeterName);
    private static readonly Gauge<long> Count = Meter.CreateGauge<long>("firewalls.unowned", "{firewall}", "Firewalls of this installation whose pool or Grid is not known.");

    /// <summary>By id: false after the first sight, true once it was told of.</summary>
    private readonly ConcurrentDictionary<AccountKey, Dictionary<string, bool>> seen = [];

    public void Look(AccountKey account, FirewallListing listing)
    {
        var owners = pools.All.Select(p => p.Metadata.Uid).Concat(grids.All.Select(g => g.Metadata.Uid)).ToHashSet(StringComparer.Ordinal);
        var before = seen.GetValueOrDefault(account);
        Dictionary<string, bool> now = new(StringComparer.Ordinal);
        foreach (var firewall in listing.Firewalls)
        {
            if (firewall.Marks is not { } marks || owners.Contains(marks.OwnerUid)) continue;
            var wasThere = before?.TryGetValue(firewall.Id, out var told) == true ? told : (bool?)null;
            if (wasThere == false)
                log.LogWarning("Firewall {Firewall} ({Name}) belongs to {Owner} {Uid}, which is not known. Delete it at the provider when nothing uses it any more", firewall.Id, firewall.Name, marks.Owner, marks.OwnerUid);
            now[firewall.Id] = wasThere is not null;
        }
        seen[account] = now;
        Count.Record(now.Count(f => f.Value), new TagList { { "provider", account.Provider }, { "scope", account.Scope } });
    }
}
