using Kontena.Simulator.Ec2;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;

namespace Kontena.Simulator;

public sealed record SimulatorOptions
{
    /// <summary>The loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The clock of everything that is simulated, and of the check of a signature's age.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The clock that callers of EC2 sign by, where it is another than <see cref="Time"/>: the AWS SDK knows no clock but the system's.</summary>
    public TimeProvider? SignersTime { get; init; }

    public Ec2Options Ec2 { get; init; } = new();

    /// <summary>The Kontena Master, on a port of its own; null: there is none.</summary>
    public MasterOptions? Master { get; init; }

    /// <summary>How machines behave that carry out their user-data; null: instances are nothing but a state.</summary>
    public MachineOptions? Machines { get; init; }
}
