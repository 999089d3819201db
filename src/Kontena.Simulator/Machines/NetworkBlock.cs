namespace Kontena.Simulator.Machines;

/// <summary>What stands between a machine and the Master.</summary>
public enum NetworkBlock
{
    None,

    /// <summary>Connections are refused at once.</summary>
    Refused,

    /// <summary>Packets are dropped: connecting ends in a time-out, and what is connected goes silent and is given up.</summary>
    Silent,
}
