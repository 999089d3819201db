namespace Kontena.Simulator.Machines.Docker;

/// <summary>The process in a container that runs.</summary>
internal interface IContainer
{
    /// <summary><c>docker stop</c>: it is told to end, and ends.</summary>
    void Stop();

    /// <summary>It is gone at once, as with the machine's power.</summary>
    void Kill();
}

/// <summary>A container of an image that the simulation knows nothing of: it runs and does nothing.</summary>
internal sealed class IdleContainer : IContainer
{
    public void Stop()
    {
    }

    public void Kill()
    {
    }
}
