namespace Kontena.Simulator.Faults;

/// <summary>The faults that wait to strike. Safe to use from any thread.</summary>
public sealed class FaultBook
{
    private static readonly HashSet<FaultKind> LaunchKinds = [FaultKind.Capacity, FaultKind.Quota];
    private readonly Lock gate = new();
    private readonly List<Line> lines = [];
    private int lastId;

    /// <summary>The faults in the order in which they were added; spent ones stay until removed.</summary>
    public IReadOnlyList<FaultEntry> All
    {
        get { lock (gate) return [.. lines.Select(l => l.Entry)]; }
    }

    /// <summary>Adds a fault; the answer's id removes it again.</summary>
    /// <exception cref="ArgumentException">A field has a value that can never strike.</exception>
    public FaultEntry Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Check(fault);
        lock (gate)
        {
            var line = new Line($"f-{++lastId}", fault);
            lines.Add(line);
            return line.Entry;
        }
    }

    /// <summary>Removes one fault; false where there is none with that id.</summary>
    public bool Remove(string id)
    {
        lock (gate) return lines.RemoveAll(l => l.Id == id) > 0;
    }

    public void Clear()
    {
        lock (gate) lines.Clear();
    }

    /// <summary>Counts the call against every fault on requests, and gives those that strike it.</summary>
    internal IReadOnlyList<FaultEntry> StrikeRequest(FaultSubject subject) => Strike(subject, launch: false);

    /// <summary>The same for faults on launches: asked once for each zone that a launch tries.</summary>
    internal FaultEntry? StrikeLaunch(FaultSubject subject)
    {
        var struck = Strike(subject, launch: true);
        return struck.Count == 0 ? null : struck[0];
    }

    private List<FaultEntry> Strike(FaultSubject subject, bool launch)
    {
        lock (gate)
        {
            var struck = new List<FaultEntry>();
            foreach (var line in lines)
                if (LaunchKinds.Contains(line.Fault.Kind) == launch && line.Strikes_NeedsLock(subject))
                    struck.Add(line.Entry);
            return struck;
        }
    }

    private static void Check(Fault fault)
    {
        if (!Enum.IsDefined(fault.Kind)) throw new ArgumentException($"There is no fault kind {fault.Kind}.", nameof(fault));
        if (fault.Nth < 1) throw new ArgumentException($"nth counts from 1, not {fault.Nth}.", nameof(fault));
        if (fault.Count < 1) throw new ArgumentException($"count must be at least 1, not {fault.Count}.", nameof(fault));
        if (!(fault.Probability is > 0 and <= 1))
            throw new ArgumentException($"probability must be above 0 and at most 1, not {fault.Probability}.", nameof(fault));
        if (fault.Kind == FaultKind.Slow ? fault.Delay <= TimeSpan.Zero : fault.Delay != TimeSpan.Zero)
            throw new ArgumentException("delay belongs to slow, which needs one above zero.", nameof(fault));
        if (fault.Code is not null && fault.Kind is not (FaultKind.ServerError or FaultKind.Quota))
            throw new ArgumentException($"{fault.Kind} has one error code only.", nameof(fault));
    }

    private sealed class Line(string id, Fault fault)
    {
        private readonly Random chance = new(fault.Seed);
        private int seen;
        private int struck;

        public string Id => id;

        public Fault Fault => fault;

        public FaultEntry Entry => new(id, fault, seen, struck);

        public bool Strikes_NeedsLock(FaultSubject subject)
        {
            if (!Matches(subject)) return false;
            seen++;
            if (seen < fault.Nth || struck >= fault.Count) return false;
            if (fault.Probability < 1 && chance.NextDouble() >= fault.Probability) return false;
            struck++;
            return true;
        }

        private bool Matches(FaultSubject subject) =>
            Is(fault.Cloud, subject.Cloud) && Is(fault.Action, subject.Action)
            && Is(fault.Zone, subject.Zone) && Is(fault.InstanceType, subject.InstanceType);

        private static bool Is(string? filter, string? value) => filter is null || string.Equals(filter, value, StringComparison.Ordinal);
    }
}
