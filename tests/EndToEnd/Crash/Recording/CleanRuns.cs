namespace Kontena.EndToEnd.Crash.Recording;

/// <summary>
/// The points of a script, out of several clean runs of it. Reads go on for ever, so a read counts up to its third time; of writes each
/// time counts, but for the lease, which is renewed for ever. A point that every clean run came to is steady: not having crashed there is a
/// failure. One that only some came to (a repeat after a lost race), or that is the clock's to say (which statuses a slow run writes on its
/// way; an Event, which is written when there is time; a second look), cannot be brought about at will: it is tried, and said when it did not come.
/// </summary>
internal static class CleanRuns
{
    public const int ReadsOfAName = 3;

    /// <param name="namesByChance">Whether it is chance's to say which of a pool's nodes a call is about.</param>
    /// <param name="repeatsByChance">Whether a call is made again is chance's to say, so that only its first time is steady.</param>
    public static IReadOnlyList<ScriptPoint> Points(IReadOnlyList<IReadOnlyList<CallPoint>> runs, bool repeatsByChance, bool namesByChance = false)
    {
        var sets = runs.Select(run => run.Select(p => p.ToString()).ToHashSet(StringComparer.Ordinal)).ToList();
        return
        [
            .. runs.SelectMany(run => run)
                .Where(p => (p.Call.Changes && !p.Call.IsLease) || p.Nth <= ReadsOfAName)
                .DistinctBy(p => p.ToString())
                .Select(p => new ScriptPoint(p, IsSteady: !p.Call.IsTimed && !(namesByChance && p.Call.NamesANode) && (p.Nth == 1 || (p.Call.Changes && !repeatsByChance)) && sets.All(s => s.Contains(p.ToString())))),
        ];
    }
}

/// <param name="IsSteady">Every clean run came to it.</param>
internal sealed record ScriptPoint(CallPoint Point, bool IsSteady);
