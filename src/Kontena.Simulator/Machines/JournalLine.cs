namespace Kontena.Simulator.Machines;

/// <summary>One line of a machine's serial console and journal. No line holds a secret: tokens are cut, commands are named without their arguments.</summary>
/// <param name="At">The machine's own time, skew included.</param>
/// <param name="Source">Who says it: <c>cloud-init</c>, <c>ignition</c>, <c>systemd</c>, <c>dockerd</c>, <c>kontena-agent</c> …</param>
public sealed record JournalLine(DateTimeOffset At, string Source, string Text)
{
    public override string ToString() => $"{At.UtcDateTime:HH:mm:ss.fff} {Source}: {Text}";
}
