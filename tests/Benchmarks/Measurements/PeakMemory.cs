using System.Globalization;

namespace Kontena.Benchmarks.Measurements;

/// <summary>What Linux says of a process's memory, in MiB: the most that was resident at once, and of what it holds now.</summary>
internal sealed record PeakMemory(double Peak, double Resident, double Anonymous)
{
    public static PeakMemory Of(int pid)
    {
        var lines = File.ReadAllLines($"/proc/{pid}/status");
        return new PeakMemory(Field(lines, "VmHWM:"), Field(lines, "VmRSS:"), Field(lines, "RssAnon:"));
    }

    // "VmHWM:    123456 kB"
    private static double Field(string[] lines, string name) =>
        double.Parse(lines.Single(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
