namespace Kontena.Simulator.Faults;

/// <summary>One thing that is to go wrong, and on which calls. A filter that is null matches everything.</summary>
public sealed record Fault
{
    public required FaultKind Kind { get; init; }

    /// <summary>The simulated cloud: <c>ec2</c>, <c>sts</c>, or <c>kontena</c> for the Master.</summary>
    public string? Cloud { get; init; }

    /// <summary>The API's own name of the call: <c>RunInstances</c>, <c>POST /v1/grids/:grid/nodes</c>, <c>WEBSOCKET /</c>.</summary>
    public string? Action { get; init; }

    /// <summary>Only calls that name this zone, or (capacity, quota) launches that would go there.</summary>
    public string? Zone { get; init; }

    /// <summary>Only calls that name this machine type.</summary>
    public string? InstanceType { get; init; }

    /// <summary>Skips the calls before the nth that matches; 1 is the first.</summary>
    public int Nth { get; init; } = 1;

    /// <summary>How often it strikes before it is spent; null: until it is removed.</summary>
    public int? Count { get; init; }

    /// <summary>Chance, 0 to 1, that it strikes on a call that matches.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Seed of the chance, so that a run can be repeated.</summary>
    public int Seed { get; init; }

    /// <summary>How long <see cref="FaultKind.Slow"/> holds the request back.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Another error code than the kind's usual one (<see cref="FaultKind.ServerError"/>, <see cref="FaultKind.Quota"/>).</summary>
    public string? Code { get; init; }
}

/// <summary>A fault in the book, with how often it was met.</summary>
/// <param name="Id">Names it for removal.</param>
/// <param name="Seen">Calls that matched its filters.</param>
/// <param name="Struck">Calls that it struck.</param>
public sealed record FaultEntry(string Id, Fault Fault, int Seen, int Struck);

/// <summary>What a fault's filters are held against.</summary>
internal sealed record FaultSubject(string Cloud, string Action, string? Zone, string? InstanceType);
