using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;

namespace Kontena.Operator.Grids;

/// <summary>
/// Counts and times calls to Masters: <c>kontena.master.calls</c> and <c>kontena.master.call.duration</c> (seconds), by operation and
/// outcome (<c>ok</c>, <c>http_4xx</c> …, or why there was no answer). No tag grows with the number of grids or nodes.
/// </summary>
internal static class MasterMetrics
{
    private static readonly Meter meter = new("kontena.master");
    private static readonly Counter<long> calls = meter.CreateCounter<long>("kontena.master.calls", "{call}", "Calls to Kontena Masters.");
    private static readonly Histogram<double> duration = meter.CreateHistogram<double>("kontena.master.call.duration", "s", "How long calls to Kontena Masters took.");

    public static void Record(string operation, string outcome, TimeSpan took)
    {
        var tags = new TagList { { "operation", operation }, { "outcome", outcome } };
        calls.Add(1, tags);
        duration.Record(took.TotalSeconds, tags);
    }

    public static string OutcomeOf(HttpStatusCode status) => (int)status is >= 200 and < 300 ? "ok" : $"http_{(int)status / 100}xx";
}
