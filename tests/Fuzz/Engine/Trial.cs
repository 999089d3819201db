using System.Diagnostics;

namespace Kontena.Fuzz.Engine;

/// <summary>Runs a target on one input within its bounds of time and memory.</summary>
internal static class Trial
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Null where all promises held.</summary>
    public static async Task<Finding?> RunAsync(FuzzTarget target, byte[] input)
    {
        var before = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        try
        {
            await Task.Run(() => target.CheckAsync(input)).WaitAsync(Deadline, TimeProvider.System);
        }
        catch (TimeoutException) when (watch.Elapsed >= Deadline)
        {
            return new Finding("hangs", $"no end within {Deadline.TotalSeconds} s");
        }
        catch (Exception e)
        {
            // Whatever it is: what a target may throw it catches itself.
            return new Finding(e is PromiseBroken ? e.Message.Split('\n', ':')[0] : e.GetType().Name, e.ToString());
        }
        var allocated = GC.GetTotalAllocatedBytes() - before;
        var most = target.MostAllocated(input.Length);
        return allocated <= most ? null : new Finding("eats memory", $"{input.Length} bytes of input cost {allocated} bytes of memory, more than {most}");
    }
}

/// <summary>What is wrong with an input's outcome: in a few words, and in full.</summary>
internal sealed record Finding(string Why, string Detail);

/// <summary>A promise that a target makes did not hold.</summary>
internal sealed class PromiseBroken(string message) : Exception(message);
