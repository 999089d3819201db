using Kontena.Simulator.Ec2.Flows;

namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>
/// What the regions of an account share: one lock, for a flow may lead from region to region; one list of what falls due; the addresses; and the
/// watches, which see every change at the moment it is made. Nothing in it waits.
/// </summary>
internal sealed class Account
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private long version;

    public Account(TimeProvider time)
    {
        this.time = time;
        Flows = new FlowBook(Addresses);
    }

    public Agenda Agenda { get; } = new();

    public AddressBook Addresses { get; } = new();

    public PublicAddresses PublicAddresses { get; } = new();

    public FlowBook Flows { get; }

    /// <summary>Where messages about power go; set once, before the first look.</summary>
    public PowerLine Power { get; set; } = new(new NoPower());

    /// <summary>Rises with every change that a packet could meet. Call within <see cref="Look{T}"/>.</summary>
    public long Version_NeedsLock => version;

    /// <summary>Runs something on the account brought up to now; the only way to what is in it.</summary>
    public T Look<T>(Func<DateTimeOffset, T> look)
    {
        var told = false;
        try
        {
            lock (gate)
            {
                var before = Power.Count;
                try
                {
                    var now = time.GetUtcNow();
                    Agenda.RunUntil(now);
                    return look(now);
                }
                finally
                {
                    told = Power.Count != before;
                }
            }
        }
        finally
        {
            // Who only looks never delivers: a machine that asks about networks under its own lock must not wait for another machine's.
            if (told) Power.Deliver();
        }
    }

    /// <summary>To be called after every change of rules, attachment, address, state or tags, with the instances that it concerns.</summary>
    public void Changed_NeedsLock(IReadOnlyCollection<Instance> touched, DateTimeOffset at)
    {
        version++;
        Flows.Judge(touched, at);
    }
}
