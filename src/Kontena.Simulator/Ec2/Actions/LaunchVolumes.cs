using System.Globalization;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>The volumes of a launch: the image's root, as the mappings change it, and those that they add.</summary>
internal static class LaunchVolumes
{
    private const int MostGiB = 65536;

    public static IReadOnlyList<Volume> Read(QueryParameters asked, MachineImage image)
    {
        var volumes = new List<Volume> { new(image.RootDevice, DeleteOnTermination: true) };
        foreach (var mapping in asked.Branches("BlockDeviceMapping"))
        {
            var device = mapping.Required("DeviceName");
            var root = device == image.RootDevice;
            if (!root && volumes.Any(v => v.Device == device))
                throw Invalid($"The device '{device}' is used in more than one block-device mapping");
            CheckSize(mapping.Branch("Ebs"), root ? image : null);
            // A root volume goes with its instance unless told otherwise; one that was added stays.
            var volume = new Volume(device, mapping.Boolean("Ebs.DeleteOnTermination") ?? root);
            if (root) volumes[0] = volume;
            else volumes.Add(volume);
        }
        return volumes;
    }

    private static void CheckSize(QueryParameters ebs, MachineImage? rootOf)
    {
        var size = ebs.Integer("VolumeSize");
        if (size is null && rootOf is null) throw Refusal.Missing("VolumeSize");
        if (size is < 1 or > MostGiB)
            throw Refusal.InvalidValue(size.Value.ToString(CultureInfo.InvariantCulture), "volumeSize", $"Expecting a value from 1 to {MostGiB}.");
        if (size < rootOf?.RootGiB)
            throw Invalid($"Volume of size {size}GB is smaller than the image's snapshot, expect size >= {rootOf.RootGiB}GB");
        if (ebs.Has("Iops") && ebs.Text("VolumeType") is not ("gp3" or "io1" or "io2"))
            throw Refusal.Combination("The parameter iops is not supported for this volume type");
        if (ebs.Has("Throughput") && ebs.Text("VolumeType") != "gp3")
            throw Refusal.Combination("The parameter throughput is only supported for gp3 volumes");
    }

    private static ApiException Invalid(string message) => new(400, "InvalidBlockDeviceMapping", message);
}
