using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kontena.Operator.Controllers.Orphans;
using Kontena.Operator.Core.Identity;

namespace Kontena.Operator.Controllers.Identities;

/// <summary>How many conflicts of ids the last look saw, by kind. No tag grows with the number of nodes.</summary>
internal static class IdentityMetrics
{
    private static readonly Meter Meter = new(OrphanMetrics.MeterName);
    private static readonly Gauge<long> Conflicts = Meter.CreateGauge<long>("id.conflicts", "{conflict}", "Kontena Node IDs that are not one machine's alone, as the last look saw them.");

    public static void Seen(IReadOnlyList<IdConflict> conflicts)
    {
        foreach (var kind in Enum.GetValues<IdConflictKind>())
            Conflicts.Record(conflicts.Count(c => c.Kind == kind), new TagList { { "kind", kind.ToString() } });
    }
}
