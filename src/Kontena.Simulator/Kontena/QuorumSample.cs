namespace Kontena.Simulator.Kontena;

/// <summary>How a grid's initial (etcd) members were from then on, until the next sample.</summary>
/// <param name="At">On the simulation's clock.</param>
/// <param name="InitialSize">How many there should be.</param>
/// <param name="Members">How many initial numbers have a node.</param>
/// <param name="Healthy">How many of these are connected and told about themselves, and did not last say that their etcd is unhealthy.</param>
public sealed record QuorumSample(DateTimeOffset At, string Grid, int InitialSize, int Members, int Healthy)
{
    public bool HasQuorum => Healthy >= InitialSize / 2 + 1;
}
