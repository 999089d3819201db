using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kontena.Operator.Core.Orphans;

namespace Kontena.Operator.Controllers.Orphans;

/// <summary>How many orphans the last sweep saw, by provider and verdict, and how many were removed. No tag grows with the number of machines.</summary>
internal static class OrphanMetrics
{
    public const string MeterName = "kontena.operator";

    private static readonly string[] Verdicts = [nameof(OrphanVerdict.Report), nameof(OrphanVerdict.Condemn), nameof(OrphanVerdict.Remove)];

    private static readonly Meter Meter = new(MeterName);
    private static readonly Gauge<long> Orphans = Meter.CreateGauge<long>("orphans", "{machine}", "Machines with our marks that no node stands for, as the last sweep judged them.");
    private static readonly Counter<long> Removals = Meter.CreateCounter<long>("orphan.removals", "{machine}", "Orphans whose termination was asked for.");

    public static void Seen(string provider, IReadOnlyCollection<OrphanVerdict> verdicts)
    {
        foreach (var name in Verdicts)
            Orphans.Record(verdicts.Count(v => v.GetType().Name == name), new TagList { { "provider", provider }, { "verdict", name } });
    }

    public static void Removed(string provider, string reason) => Removals.Add(1, new TagList { { "provider", provider }, { "reason", reason } });
}
