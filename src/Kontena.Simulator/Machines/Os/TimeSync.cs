namespace Kontena.Simulator.Machines.Os;

/// <summary>A machine's time client within one boot.</summary>
internal sealed class TimeSync(Clock clock, bool blocked, Journal journal)
{
    /// <summary>What <c>timedatectl</c> calls NTPSynchronized.</summary>
    public bool Synchronized { get; private set; }

    public void Start()
    {
        if (blocked)
        {
            journal.Say("time", "no time server answers");
            return;
        }
        clock.Mend();
        Synchronized = true;
    }
}
