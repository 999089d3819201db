using Kontena.Simulator.Ec2;

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
    /// Where the image's Docker keeps its data, and so its baked identity, as on machines with a second disk: a drop-in of docker.service says so, and whoever looks for the
    /// identity at Docker's usual place finds none. Null: the usual place.
    /// </summary>
    public string? DataRoot { get; init; }

    /// <summary>Docker's identity does not outlive a reboot, as where its files are kept in memory: the engine ID is another after each.</summary>
    public bool VolatileIdentity { get; init; }

    /// <summary>The <c>/etc/machine-id</c> that it was baked with; null: each machine makes its own at its first boot.</summary>
    public string? MachineId { get; init; }

    /// <summary>What the firmware says (<c>/sys/class/dmi/id/product_uuid</c>), as of virtual machines that were copied with their definition; null: each has its own.</summary>
    public string? ProductUuid { get; init; }

    /// <summary>The kernel can encrypt with ESP: without, weave has no encrypted fast datapath.</summary>
    public bool KernelEsp { get; init; } = true;

    /// <summary>The image's machine id and Docker identity in clones of <see cref="MachineImage.Cloned"/>.</summary>
    internal const string ClonedMachineId = "5c7f1d0ab2e94c6f8d3e6a1b907f42ce";

    /// <summary>The same, of its Docker Engine.</summary>
    public const string ClonedEngineId = "6f1c2d3e-9a4b-4c5d-8e6f-7a8b9c0d1e2f";

    /// <summary>The same, of its Docker's data: bootstraps that clear the usual places do not find the identity there.</summary>
    public const string ClonedDataRoot = "/mnt/docker";

    /// <summary>
    /// Flatcar boots with <c>net.ifnames=0</c>; Ubuntu and Debian name an EC2 interface after its slot, so that the agent's eth1 and its fallback eth0 are both missing there.
    /// </summary>
    public static IReadOnlyList<ImageTraits> Defaults { get; } =
    [
        new() { NamePattern = "Flatcar-*", Docker = new(27, 3, 1), Interface = "eth0" },
        new() { NamePattern = "debian-12-*", Docker = new(20, 10, 24), Interface = "ens5" },
        new() { NamePattern = "cloned/*", Docker = new(27, 5, 1), Interface = "ens5", EngineId = ClonedEngineId, DataRoot = ClonedDataRoot, MachineId = ClonedMachineId },
        new() { NamePattern = "*", Docker = new(27, 5, 1), Interface = "ens5" },
    ];
}
