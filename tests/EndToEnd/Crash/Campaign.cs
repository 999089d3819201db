using System.Collections.Concurrent;
using System.Diagnostics;
using Kontena.EndToEnd.Crash.Dying;
using Kontena.EndToEnd.Crash.Recording;
using Kontena.EndToEnd.Crash.Staging;

namespace Kontena.EndToEnd.Crash;

/// <summary>A script under a variant, struck at each of its points, before and after: the points come from clean runs of the same.</summary>
internal sealed class Campaign(Script script, Variant variant, Func<ScriptPoint, bool> isChosen)
{
    private const int CleanRunsOfAScript = 3;
    private const int TriesOfASteadyPoint = 12;
    private const int TriesOfAChancePoint = 2;
    private const int FailuresToStopAt = 4;

    /// <summary>Runs mostly wait; these keep two processors busy, over all campaigns at once.</summary>
    private static readonly SemaphoreSlim stages = new(int.TryParse(Environment.GetEnvironmentVariable("KONTENA_CRASH_STAGES"), out var count) ? count : 12);

    private readonly ConcurrentQueue<string> failures = [];
    private readonly ConcurrentQueue<string> never = [];
    private int runs;
    private int struck;

    public async Task<CampaignResult> RunAsync(CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var clean = await Task.WhenAll(Enumerable.Range(0, CleanRunsOfAScript).Select(_ => PlayCleanAsync(ct)));
        foreach (var report in clean.Where(r => r.Violations.Count > 0)) failures.Enqueue(Text("a clean run", report));
        if (!failures.IsEmpty) return new CampaignResult(script, variant, 0, 0, runs, [.. failures], [], watch.Elapsed);

        var points = CleanRuns.Points([.. clean.Select(r => r.Calls)], variant.RefusesByChance, script.WhoGoesIsChance);
        List<ScriptPoint> chosen = [.. points.Where(isChosen)];
        if (chosen.Count == 0) failures.Enqueue($"{script}, {variant}: the clean runs came to no call, so nothing is proved");
        await Task.WhenAll(chosen.SelectMany(point => Enum.GetValues<Moment>().Select(moment => StrikeAsync(point, moment, ct))));
        return new CampaignResult(script, variant, points.Count, struck, runs, [.. failures], [.. never.Order(StringComparer.Ordinal)], watch.Elapsed);
    }

    private async Task<RunReport> PlayCleanAsync(CancellationToken ct)
    {
        var report = await PlayAsync(null, ct);
        for (var tries = 1; report.IsMissed && tries < TriesOfASteadyPoint; tries++) report = await PlayAsync(null, ct);
        return report;
    }

    private async Task StrikeAsync(ScriptPoint point, Moment moment, CancellationToken ct)
    {
        Fate fate = variant.ComesBack is null ? new Fate.Dies(point.Point, moment) : new Fate.StandsStill(point.Point, moment);
        var what = $"{script}, {variant}: {(fate is Fate.Dies ? "killed" : "stood still")} {moment} {point.Point}";
        for (var tries = 0; tries < (point.IsSteady ? TriesOfASteadyPoint : TriesOfAChancePoint); tries++)
        {
            var report = await PlayAsync(fate, ct);
            if (report.IsMissed) continue;
            Interlocked.Increment(ref struck);
            if (report.Violations.Count > 0) failures.Enqueue(Text(what, report));
            return;
        }
        if (failures.Count >= FailuresToStopAt) return;
        if (point.IsSteady) failures.Enqueue($"{what}: this call came up in every clean run and never again, so it was not crashed at");
        else never.Enqueue($"{moment} {point.Point}");
    }

    private async Task<RunReport> PlayAsync(Fate? fate, CancellationToken ct)
    {
        await stages.WaitAsync(ct);
        try
        {
            if (failures.Count >= FailuresToStopAt) return new RunReport([], IsMissed: true, []);
            Interlocked.Increment(ref runs);
            return await CrashRun.PlayAsync(script, variant, fate, ct);
        }
        finally
        {
            stages.Release();
        }
    }

    private static string Text(string what, RunReport report) => $"{what}\n  {string.Join("\n  ", report.Violations)}\n{report.State}";
}

/// <param name="Points">That the clean runs came to.</param>
/// <param name="Struck">Points, before and after, at which an operator was struck.</param>
/// <param name="Never">Points that only some clean runs came to, and no other run.</param>
internal sealed record CampaignResult(Script Script, Variant Variant, int Points, int Struck, int Runs, IReadOnlyList<string> Failures, IReadOnlyList<string> Never, TimeSpan Took)
{
    public override string ToString() =>
        $"{Script}, {Variant}: {Points} calls, struck {Struck} times in {Runs} runs, {Failures.Count} violations, {Took.TotalSeconds:0} s"
        + (Never.Count == 0 ? "" : $"\n  recorded, and not come to again: {string.Join("; ", Never)}");
}
