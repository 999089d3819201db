using Kontena.Simulator.Machines.Docker;

namespace Kontena.Simulator.Machines.Os;

/// <summary>How a command went.</summary>
/// <param name="Code">Its exit code; 203 where there was nothing to execute, as systemd calls it.</param>
/// <param name="Running">The container that the command waits for; null where it ended.</param>
internal sealed record Outcome(int Code, IContainer? Running = null)
{
    public static Outcome Done { get; } = new(0);

    public static Outcome NothingToExecute { get; } = new(203);
}
