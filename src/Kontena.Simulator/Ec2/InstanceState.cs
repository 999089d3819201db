namespace Kontena.Simulator.Ec2;

/// <summary>The states of an instance under EC2's own codes (the low byte of <c>instanceState/code</c>).</summary>
public enum InstanceState
{
    Pending = 0,
    Running = 16,
    ShuttingDown = 32,
    Terminated = 48,
    Stopping = 64,
    Stopped = 80,
}

internal static class InstanceStates
{
    /// <summary>The state's name on the wire.</summary>
    public static string Name(this InstanceState state) => state switch
    {
        InstanceState.Pending => "pending",
        InstanceState.Running => "running",
        InstanceState.ShuttingDown => "shutting-down",
        InstanceState.Terminated => "terminated",
        InstanceState.Stopping => "stopping",
        InstanceState.Stopped => "stopped",
        _ => throw new InvalidOperationException($"Instance state {state} has no name."),
    };
}
