namespace Kontena.EndToEnd.Soak;

/// <summary>How much a soak puts an informer through.</summary>
internal sealed record SoakOptions
{
    /// <summary>KontenaNodes that exist all the time, give or take one in a hundred.</summary>
    public required int Nodes { get; init; }

    /// <summary>How often all connections are reset; each ends the watch.</summary>
    public required int Cuts { get; init; }

    /// <summary>How often they fall silent instead, which only the client's own pings find out, after 25 s.</summary>
    public int Silences { get; init; }

    /// <summary>How often the API server is killed and started again.</summary>
    public required int Restarts { get; init; }

    /// <summary>Creates, changes and deletes, all the time.</summary>
    public required int WritesPerSecond { get; init; }

    /// <summary>Writes before, and again after, each trouble.</summary>
    public required int WritesBetween { get; init; }

    /// <summary>Whether memory is read after each trouble: full collections, which would hold up other tests of the process.</summary>
    public bool ReadsMemory { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Seconds: for every run of the tests.</summary>
    public static SoakOptions Small { get; } = new() { Nodes = 500, Cuts = 6, Restarts = 1, WritesPerSecond = 200, WritesBetween = 40 };

    /// <summary>Minutes: for <c>make soak</c>.</summary>
    public static SoakOptions Full { get; } = new() { Nodes = 10_000, Cuts = 57, Silences = 3, Restarts = 3, WritesPerSecond = 150, WritesBetween = 150, ReadsMemory = true };
}
