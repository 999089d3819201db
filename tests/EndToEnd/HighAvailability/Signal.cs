using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Kontena.EndToEnd.HighAvailability;

/// <summary>Signals to processes that the test started itself.</summary>
[SupportedOSPlatform("linux")]
internal static class Signal
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(int pid, int signal)
    {
        if (KillProcess(pid, signal) != 0) throw new InvalidOperationException($"kill({pid}, {signal}) failed with {Marshal.GetLastPInvokeError()}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
#pragma warning disable SYSLIB1054 // The generated form needs unsafe code for the whole project; this one is blittable as it is.
    private static extern int KillProcess(int pid, int signal);
#pragma warning restore SYSLIB1054
}
