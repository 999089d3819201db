namespace Kontena.Simulator.Calls;

/// <summary>Counts every call, and keeps the latest ones whole.</summary>
public sealed class CallLedger
{
    /// <summary>Enough to read one test's traffic; a long run must not grow with its calls.</summary>
    public const int Kept = 1000;

    private readonly Lock gate = new();
    private readonly Queue<CallRecord> recent = new();
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private long total;

    public long Total
    {
        get { lock (gate) return total; }
    }

    /// <summary>The latest calls, oldest first.</summary>
    public IReadOnlyList<CallRecord> Recent
    {
        get { lock (gate) return [.. recent]; }
    }

    /// <summary>Calls by action since the start, refused ones too.</summary>
    public IReadOnlyDictionary<string, int> Counts
    {
        get { lock (gate) return new Dictionary<string, int>(counts, StringComparer.Ordinal); }
    }

    public int Count(string action)
    {
        lock (gate) return counts.GetValueOrDefault(action);
    }

    internal void Add(CallRecord call)
    {
        lock (gate)
        {
            total++;
            counts[call.Action] = counts.GetValueOrDefault(call.Action) + 1;
            recent.Enqueue(call);
            if (recent.Count > Kept) recent.Dequeue();
        }
    }
}
