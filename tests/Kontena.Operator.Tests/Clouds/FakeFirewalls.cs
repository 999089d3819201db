using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Tests.Clouds;

/// <summary>The firewalls of a <see cref="FakeCloud"/>, in the manner of EC2's security groups: names are unique in a network, one that a machine has cannot be deleted.</summary>
internal sealed class FakeFirewalls(FakeCloud cloud, TimeProvider time) : IFirewallDriver
{
    public const string Vpc = "vpc-1";

    private readonly Lock gate = new();
    private readonly List<Firewall> all = [];
    private readonly List<string> writes = [];
    private readonly List<string> reads = [];
    private int made;
    private int listings;

    public FirewallPromises Promises { get; init; } = new(ExpressesEsp: true, MembersAsSource: true, UsualMostRules: 60);

    /// <summary>Listings fail with this while set.</summary>
    public DriverException? ListFault { get; set; }

    /// <summary>Called in the middle of each listing.</summary>
    public Action? WhileListing { get; set; }

    /// <summary>Networks in which machines may be placed.</summary>
    public IReadOnlyList<string> Networks { get; set; } = [Vpc];

    /// <summary>Asking for the networks fails with this while set.</summary>
    public DriverException? NetworksFault { get; set; }

    /// <summary>Every write fails with this, undone, while set.</summary>
    public DriverException? WriteFault { get; set; }

    public int Listings => Volatile.Read(ref listings);

    /// <summary>Calls that change something, in order.</summary>
    public IReadOnlyList<string> Writes
    {
        get { lock (gate) return [.. writes]; }
    }

    /// <summary>The ids of each look by id, in order.</summary>
    public IReadOnlyList<string> Reads
    {
        get { lock (gate) return [.. reads]; }
    }

    public IReadOnlyList<Firewall> All
    {
        get { lock (gate) return [.. all]; }
    }

    /// <summary>By hand, past the operator.</summary>
    public void Change(string id, Func<Firewall, Firewall> change)
    {
        lock (gate)
            if (all.FindIndex(f => f.Id == id) is var at && at >= 0) all[at] = change(all[at]);
    }

    /// <summary>Made by hand, past the operator.</summary>
    public void Add(Firewall firewall)
    {
        lock (gate) all.Add(firewall);
    }

    public Task<IReadOnlyList<string>> NetworksAsync(ProviderSettings settings, CancellationToken ct) => NetworksFault is null ? Task.FromResult(Networks) : Task.FromException<IReadOnlyList<string>>(NetworksFault);

    public Task<FirewallListing> ListAsync(string installation, CancellationToken ct)
    {
        Interlocked.Increment(ref listings);
        WhileListing?.Invoke();
        if (ListFault is { } fault) throw fault;
        lock (gate) return Task.FromResult(new FirewallListing(time.GetUtcNow(), [.. all.Where(f => f.Marks?.Installation == installation)]));
    }

    public Task<FirewallListing> ReadAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        lock (gate)
        {
            reads.Add(string.Join(' ', ids));
            return Task.FromResult(new FirewallListing(time.GetUtcNow(), [.. all.Where(f => ids.Contains(f.Id))]));
        }
    }

    public Task<Firewall> EnsureAsync(FirewallRequest request, CancellationToken ct)
    {
        lock (gate)
        {
            Write($"make {request.Name}");
            if (!Networks.Contains(request.Network)) throw new DriverException(DriverFault.BadSettings, $"there is no network {request.Network} in this account");
            if (all.Find(f => f.Name == request.Name && f.Network == request.Network) is { } twin)
                return twin.Marks == request.Marks ? Task.FromResult(twin) : throw new DriverException(DriverFault.BadSettings, "another's firewall has the name");
            var firewall = new Firewall { Id = $"sg-{++made:d4}", Name = request.Name, Network = request.Network, Marks = request.Marks };
            all.Add(firewall);
            return Task.FromResult(firewall);
        }
    }

    public Task OpenAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct)
    {
        lock (gate)
        {
            Write($"open {id}");
            var firewall = Own(id, owner);
            Change(id, f => f with { Rules = [.. f.Rules, .. rules.Where(r => firewall.Rules.All(x => x.Rule != r)).Select(r => new FirewallRule(r, IsOurs: true))] });
        }
        return Task.CompletedTask;
    }

    public Task CloseAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct)
    {
        lock (gate)
        {
            Write($"close {id}");
            _ = Own(id, owner);
            Change(id, f => f with { Rules = [.. f.Rules.Where(r => !r.IsOurs || !rules.Contains(r.Rule))] });
        }
        return Task.CompletedTask;
    }

    public Task AttachAsync(string providerId, string installation, IReadOnlyList<string> ids, CancellationToken ct)
    {
        lock (gate) Write($"attach {string.Join(',', ids)} to {providerId}");
        cloud.Attach(providerId, installation, ids);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string id, FirewallMarks owner, CancellationToken ct)
    {
        lock (gate)
        {
            Write($"delete {id}");
            if (all.Find(f => f.Id == id) is null) return Task.CompletedTask;
            _ = Own(id, owner);
            if (cloud.Machines.Any(m => m.State != MachineState.Terminated && m.Firewalls.Contains(id))) throw new DriverException(DriverFault.InUse, $"{id} is in use");
            all.RemoveAll(f => f.Id == id);
        }
        return Task.CompletedTask;
    }

    private void Write(string call)
    {
        writes.Add(call);
        if (WriteFault is { } fault) throw fault;
    }

    private Firewall Own(string id, FirewallMarks owner) =>
        all.Find(f => f.Id == id && f.Marks == owner) ?? throw new DriverException(DriverFault.BadSettings, $"{id} is not there, or another's");
}
