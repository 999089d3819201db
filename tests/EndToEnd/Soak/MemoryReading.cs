using System.Globalization;

namespace Kontena.EndToEnd.Soak;

/// <summary>What this process holds, in MiB: what lives on the heap after a full collection, and what is resident (0 where the system does not say).</summary>
internal sealed record MemoryReading(double Heap, double Resident)
{
    public override string ToString() => $"heap {Heap:F1} MiB, resident {Resident:F0} MiB";

    public static MemoryReading Take()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return new MemoryReading(GC.GetTotalMemory(forceFullCollection: true) / 1048576.0, ResidentNow());
    }

    // "VmRSS:    123456 kB"
    private static double ResidentNow()
    {
        const string Status = "/proc/self/status";
        if (!File.Exists(Status)) return 0;
        var line = File.ReadLines(Status).Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
