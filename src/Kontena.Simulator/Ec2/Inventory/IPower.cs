namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>Told when an instance gets or loses power, in the order in which it happened (<see cref="PowerLine"/>). It must not wait.</summary>
internal interface IPower
{
    /// <summary>Launched or started: it runs <paramref name="after"/> from now.</summary>
    void On(Instance instance, TimeSpan after);

    /// <summary>Stopped: what runs ends, the disk stays.</summary>
    void Off(string instanceId);

    void Reboot(string instanceId);

    /// <summary>Terminated: what runs ends, and the disk is gone.</summary>
    void Lost(string instanceId);
}

/// <summary>Instances that are nothing but a state.</summary>
internal sealed class NoPower : IPower
{
    public void On(Instance instance, TimeSpan after)
    {
    }

    public void Off(string instanceId)
    {
    }

    public void Reboot(string instanceId)
    {
    }

    public void Lost(string instanceId)
    {
    }
}
