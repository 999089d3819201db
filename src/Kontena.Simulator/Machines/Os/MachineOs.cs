namespace Kontena.Simulator.Machines.Os;

/// <summary>What reads the user-data: it follows from the image.</summary>
internal enum MachineOs
{
    /// <summary>cloud-init; Docker by package.</summary>
    Ubuntu,

    /// <summary>cloud-init; Docker by package.</summary>
    Debian,

    /// <summary>Ignition at the first boot, or coreos-cloudinit at every boot where the user-data is a cloud-config; Docker is there.</summary>
    Flatcar,
}
