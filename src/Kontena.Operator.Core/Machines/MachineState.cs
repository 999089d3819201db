namespace Kontena.Operator.Core.Machines;

/// <summary>Where a machine is in its life, in words that fit every provider.</summary>
public enum MachineState
{
    Pending,
    Running,
    Stopping,
    Stopped,
    Terminating,

    /// <summary>Gone for good, though the provider still lists it for a while.</summary>
    Terminated,

    /// <summary>A state that this version does not know. Treated as alive: never a reason to create or to forget.</summary>
    Unrecognised,
}
