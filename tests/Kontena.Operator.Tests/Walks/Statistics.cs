namespace Kontena.Operator.Tests.Walks;

/// <summary>What a walk did.</summary>
internal sealed record Statistics
{
    public int Steps { get; set; }

    /// <summary>Of users.</summary>
    public int Acts { get; set; }

    public int Deaths { get; set; }

    /// <summary>Calls that went wrong.</summary>
    public int Faults { get; set; }

    /// <summary>Calls that hung.</summary>
    public int Held { get; set; }

    public int Calls { get; set; }

    public int Reconciles { get; set; }

    public int Nodes { get; set; }

    public int Machines { get; set; }

    public int Tombstones { get; set; }

    /// <summary>At the Master.</summary>
    public int Entries { get; set; }

    public static Statistics Sum(IReadOnlyCollection<Statistics> all) => new()
    {
        Steps = all.Sum(s => s.Steps),
        Acts = all.Sum(s => s.Acts),
        Deaths = all.Sum(s => s.Deaths),
        Faults = all.Sum(s => s.Faults),
        Held = all.Sum(s => s.Held),
        Calls = all.Sum(s => s.Calls),
        Reconciles = all.Sum(s => s.Reconciles),
        Nodes = all.Sum(s => s.Nodes),
        Machines = all.Sum(s => s.Machines),
        Tombstones = all.Sum(s => s.Tombstones),
        Entries = all.Sum(s => s.Entries),
    };

    public override string ToString() =>
        $"{Steps} steps, {Acts} acts, {Deaths} deaths, {Faults} faults, {Held} calls hung, of {Calls}; {Reconciles} reconciles, {Nodes} nodes, {Machines} machines, {Tombstones} tombstones, {Entries} entries";
}
