namespace Kontena.Simulator.Ec2.Flows;

/// <summary>What a packet of a flow would meet.</summary>
public enum FlowState
{
    /// <summary>An end does not run, has no address that the other could use, or is not among the watched ones any more.</summary>
    Down,

    /// <summary>Both ends run and a firewall does not let it pass.</summary>
    Refused,

    Open,
}
