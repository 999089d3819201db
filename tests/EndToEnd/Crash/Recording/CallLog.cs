namespace Kontena.EndToEnd.Crash.Recording;

/// <summary>Every call that one process makes, from the moment that it is asked to write them down.</summary>
internal sealed class CallLog
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> counts = [];
    private readonly List<CallPoint> points = [];
    private bool writing;

    public IReadOnlyList<CallPoint> Points
    {
        get { lock (gate) return [.. points]; }
    }

    public void Begin()
    {
        lock (gate) writing = true;
    }

    public void End()
    {
        lock (gate) writing = false;
    }

    /// <returns>Null while nothing is written down.</returns>
    public CallPoint? Note(CallName call)
    {
        lock (gate)
        {
            if (!writing) return null;
            var point = new CallPoint(call, counts[call.Text] = counts.GetValueOrDefault(call.Text) + 1);
            points.Add(point);
            return point;
        }
    }

    public int Count(CallName call)
    {
        lock (gate) return counts.GetValueOrDefault(call.Text);
    }
}
