using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Kontena.Benchmarks.Reporting;

/// <summary>What a figure has to be read with.</summary>
internal static class Machine
{
    public static string Describe() => new StringBuilder()
        .AppendLine(CultureInfo.InvariantCulture, $"- {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Model()}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB")
        .AppendLine(CultureInfo.InvariantCulture, $"- {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; load average at the end: {LoadAverage()}")
        .AppendLine(CultureInfo.InvariantCulture, $"- limits in force: {Limits()}")
        .AppendLine("- simulated EC2: boot and shutdown time 0, throttling off; the operator's own pace for EC2 lifted (--provider-pace 100000), all else as delivered")
        .ToString();

    public static string LoadAverage() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";

    private static string Model() =>
        Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>Of the control group, where there is one.</summary>
    private static string Limits() =>
        $"cpu.max {Text("/sys/fs/cgroup/cpu.max") ?? "not told"}, memory.max {Text("/sys/fs/cgroup/memory.max") ?? "not told"}, {Line("/proc/self/limits", "Max open files") ?? "open files not told"}";

    private static string? Text(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : null;

    private static string? Line(string path, string begin)
    {
        var line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith(begin, StringComparison.Ordinal)) : null;
        return line is null ? null : string.Join(' ', line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
