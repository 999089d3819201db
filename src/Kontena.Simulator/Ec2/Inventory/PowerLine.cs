using System.Collections.Concurrent;

namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>
/// Passes on what instances are told about power, in the order in which it was said, once the account's lock is free again: machines have locks of
/// their own and ask the account about networks.
/// </summary>
internal sealed class PowerLine(IPower machines)
{
    private readonly Lock delivering = new();
    private readonly ConcurrentQueue<Action<IPower>> messages = new();

    /// <summary>How many messages there ever were. Call within the account's lock.</summary>
    public long Count { get; private set; }

    /// <summary>Call within the account's lock, which keeps the order.</summary>
    public void Tell(Action<IPower> message)
    {
        Count++;
        messages.Enqueue(message);
    }

    /// <summary>Call outside the account's lock. When it returns, all that was told before has arrived, whoever delivered it.</summary>
    public void Deliver()
    {
        lock (delivering)
            while (messages.TryDequeue(out var message)) message(machines);
    }
}
