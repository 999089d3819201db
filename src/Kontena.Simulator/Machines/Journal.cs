namespace Kontena.Simulator.Machines;

/// <summary>The latest lines of one machine. Safe to use from any thread.</summary>
internal sealed class Journal(Func<DateTimeOffset> now)
{
    /// <summary>An agent that is refused for days must not grow the simulator.</summary>
    private const int Kept = 2000;

    private readonly Lock gate = new();
    private readonly Queue<JournalLine> lines = new();

    public IReadOnlyList<JournalLine> Lines
    {
        get { lock (gate) return [.. lines]; }
    }

    public void Say(string source, string text)
    {
        lock (gate)
        {
            if (lines.Count == Kept) lines.Dequeue();
            lines.Enqueue(new(now(), source, text));
        }
    }
}
