namespace Kontena.Simulator.Machines;

/// <summary>What a machine gets from its image. The operating system follows from the image's name (Flatcar, Debian, else Ubuntu).</summary>
public sealed record ImageTraits
{
    /// <summary>Which images, by name: <c>*</c> and <c>?</c>.</summary>
    public required string NamePattern { get; init; }

    /// <summary>The Docker that it has, or that its distribution's package installs. From 23 on the engine ID is a UUID, before 12 groups of 4 characters.</summary>
    public required Version Docker { get; init; }

    /// <summary>The first network interface: udev's name, or eth0 where the image turns such names off.</summary>
    public required string Interface { get; init; }

    /// <summary>Null: <see cref="MachineOptions.Skew"/>.</summary>
    public TimeSpan? Skew { get; init; }

    /// <summary>Null: <see cref="MachineOptions.TimeSyncBlocked"/>.</summary>
    public bool? TimeSyncBlocked { get; init; }

    /// <summary>The Docker identity that it was baked with, as when Docker ran before the image was made: all its machines share it. Null: none.</summary>
    public string? EngineId { get; init; }

    /// <summary>
    /// Flatcar boots with <c>net.ifnames=0</c>; Ubuntu and Debian name an EC2 interface after its slot, so that the agent's eth1 and its fallback eth0 are both missing there.
    /// </summary>
    public static IReadOnlyList<ImageTraits> Defaults { get; } =
    [
        new() { NamePattern = "Flatcar-*", Docker = new(27, 3, 1), Interface = "eth0" },
        new() { NamePattern = "debian-12-*", Docker = new(20, 10, 24), Interface = "ens5" },
        new() { NamePattern = "*", Docker = new(27, 5, 1), Interface = "ens5" },
    ];
}
