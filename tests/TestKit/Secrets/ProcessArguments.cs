using System.Collections.Concurrent;
using System.Globalization;

namespace Kontena.TestKit.Secrets;

/// <summary>Tells the command line of every process that descends from this one, as all users of the machine can read it. Linux only.</summary>
internal sealed class ProcessArguments : IDisposable
{
    private static readonly TimeSpan pace = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, byte> seen = new(StringComparer.Ordinal);
    private readonly Action<string> tell;
    private readonly ITimer timer;
    private int looking;

    public ProcessArguments(Action<string> tell)
    {
        this.tell = tell;
        timer = TimeProvider.System.CreateTimer(_ => Look(), null, pace, pace);
    }

    public int Seen => seen.Count;

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        if (!Directory.Exists("/proc/self") || Interlocked.Exchange(ref looking, 1) == 1) return;
        try
        {
            // The kernel keeps each thread's children in one file: no search through the whole machine's processes.
            foreach (var child in Descendants(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)))
            {
                var line = Read($"/proc/{child}/cmdline").Replace('\0', ' ');
                if (line.Length > 0 && seen.TryAdd($"{child} {line}", 0)) tell(line);
            }
        }
        finally
        {
            Volatile.Write(ref looking, 0);
        }
    }

    private static IEnumerable<string> Descendants(string pid)
    {
        foreach (var thread in Threads(pid))
            foreach (var child in Read($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return child;
                foreach (var grandchild in Descendants(child)) yield return grandchild;
            }
    }

    private static string[] Threads(string pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task");
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // It ended between two looks.
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}
