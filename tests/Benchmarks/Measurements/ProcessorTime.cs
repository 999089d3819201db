using System.Globalization;

namespace Kontena.Benchmarks.Measurements;

/// <summary>
/// Processor time that a process has used, from Linux. On a machine that is shared it says more than the clock: it grows with the work, hardly with the neighbours.
/// </summary>
internal static class ProcessorTime
{
    // USER_HZ, which is 100 on every architecture that .NET runs on (man 5 proc_pid_stat, man 7 time).
    private const double TicksPerSecond = 100;

    public static TimeSpan Of(IEnumerable<int> pids) => pids.Aggregate(TimeSpan.Zero, (sum, pid) => sum + Of(pid));

    private static TimeSpan Of(int pid)
    {
        // The program's name stands in parentheses and may itself hold blanks and parentheses; utime and stime are fields 14 and 15.
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
    }
}
