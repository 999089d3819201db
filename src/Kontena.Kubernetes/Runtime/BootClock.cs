using System.Runtime.InteropServices;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// The system's clock, but its timestamps go on counting while the machine is suspended (CLOCK_BOOTTIME). .NET's own
/// timestamp is CLOCK_MONOTONIC, which stands still then: a process woken after an hour would believe its 15-second lease
/// to be fresh. Timers are the system's: after a suspend they fire late, so who holds a lease asks the timestamp.
/// </summary>
public sealed class BootClock : TimeProvider
{
    /// <summary>From linux/time.h; other systems fall back to .NET's timestamp.</summary>
    private const int ClockBootTime = 7;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly bool available = OperatingSystem.IsLinux() && ReadBootTime() is not null;

    public static BootClock Instance { get; } = new();

    public override long TimestampFrequency => available ? NanosecondsPerSecond : base.TimestampFrequency;

    public override long GetTimestamp() =>
        available
            ? ReadBootTime() ?? throw new InvalidOperationException("clock_gettime(CLOCK_BOOTTIME) worked at start and no longer does.")
            : base.GetTimestamp();

    private static long? ReadBootTime()
    {
        try
        {
            return ClockGetTime(ClockBootTime, out var now) == 0 ? now.Seconds * NanosecondsPerSecond + now.Nanoseconds : null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
#pragma warning disable SYSLIB1054 // The generated form needs unsafe code for the whole project; this one is blittable as it is.
    private static extern int ClockGetTime(int clock, out TimeSpec now);
#pragma warning restore SYSLIB1054

    private readonly struct TimeSpec
    {
        private readonly nint seconds;
        private readonly nint nanoseconds;

        public long Seconds => seconds;

        public long Nanoseconds => nanoseconds;
    }
}
