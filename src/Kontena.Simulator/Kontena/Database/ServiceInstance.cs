namespace Kontena.Simulator.Kontena.Database;

/// <summary>One instance of a service, and the containers that it has and had.</summary>
internal sealed class ServiceInstance(Grid grid, string service, int number, bool stateful)
{
    public Grid Grid => grid;

    /// <summary><c>stack/service</c>.</summary>
    public string Service => service;

    public int Number => number;

    public bool Stateful => stateful;

    /// <summary>The one that counts; null while no node takes the instance.</summary>
    public Container? Container { get; set; }

    /// <summary>Stopped ones stay on their nodes: <c>?all=1</c> lists them.</summary>
    public List<Container> Former { get; } = [];

    public IEnumerable<Container> Containers => Container is null ? Former : Former.Append(Container);
}

/// <summary>Times are the Master's.</summary>
internal sealed class Container(string id, ServiceInstance instance, HostNode node, DateTimeOffset created)
{
    public string Id => id;

    public ServiceInstance Instance => instance;

    public HostNode Node => node;

    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset Started { get; private set; } = created;

    public DateTimeOffset? Finished { get; private set; }

    public DateTimeOffset? Deleted { get; private set; }

    public bool Running => Finished is null;

    public void Stop(DateTimeOffset now) => Finished ??= now;

    public void Start(DateTimeOffset now) => (Started, Finished) = (now, null);

    public void Delete(DateTimeOffset now)
    {
        Stop(now);
        Deleted ??= now;
    }
}
