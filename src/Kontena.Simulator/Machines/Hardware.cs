using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kontena.Simulator.Machines.Os;
using Kontena.Simulator.Overlay;

namespace Kontena.Simulator.Machines;

/// <summary>What a machine is given from outside.</summary>
internal sealed class Hardware
{
    public required string InstanceId { get; init; }

    public required MachineOptions Options { get; init; }

    public required ImageTraits Traits { get; init; }

    public required MachineOs Os { get; init; }

    public required string PrivateAddress { get; init; }

    /// <summary>Changes when the instance is stopped and started.</summary>
    public string? PublicAddress { get; set; }

    /// <summary>Secret.</summary>
    public byte[]? UserData { get; init; }

    public required Func<NetworkBlock> Network { get; init; }

    public required Func<double> Chance { get; init; }

    public required OverlayFabric Overlay { get; init; }

    /// <summary>As EC2 names an instance by its private address.</summary>
    public string DefaultHostName => "ip-" + PrivateAddress.Replace('.', '-');

    /// <summary>EC2's begin with ec2; stays over stop and start.</summary>
    public string ProductUuid => Traits.ProductUuid ?? "ec2" + new Guid(SHA256.HashData(Encoding.ASCII.GetBytes(InstanceId)).AsSpan(0, 16)).ToString("D", CultureInfo.InvariantCulture)[3..];

    /// <summary>What systemd makes of nothing at the first boot.</summary>
    public string MachineId => Traits.MachineId ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("machine-id " + InstanceId)).AsSpan(0, 16));

    /// <summary>Where its packets come from to the outside.</summary>
    public string OutsideAddress => PublicAddress ?? Options.NatAddress;

    public TimeSpan Skew => Traits.Skew ?? Options.Skew;

    public bool TimeSyncBlocked => Traits.TimeSyncBlocked ?? Options.TimeSyncBlocked;
}
