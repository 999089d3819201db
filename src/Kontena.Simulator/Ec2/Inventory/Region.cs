using System.Globalization;
using Kontena.Simulator.Ec2.Query;
using Kontena.Simulator.Faults;

namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>One region of the account: its default VPC and all that lives in it. One lock; nothing in it waits.</summary>
internal sealed class Region
{
    private readonly Lock gate = new();
    private readonly Ec2Options options;
    private readonly TimeProvider time;
    private readonly Agenda agenda = new();
    private readonly Ids ids;
    private readonly IPower power;
    private readonly SortedDictionary<long, Instance> listed = [];
    private readonly Dictionary<string, Instance> byId = new(StringComparer.Ordinal);
    private readonly Queue<Instance> gone = new();
    private readonly ClientTokens tokens;
    private readonly Placement placement;
    private readonly PublicAddresses publicAddresses = new();
    private long sequence;

    public Region(string name, IReadOnlyList<string> zones, Ec2Options options, TimeProvider time, Ids ids, FaultBook faults, IPower power)
    {
        (Name, this.options, this.time, this.ids, this.power) = (name, options, time, ids, power);
        Subnets = [.. zones.Select((zone, index) => new Subnet(name, zone, index))];
        VpcId = Ids.Named("vpc", name);
        GroupId = Ids.Named("sg", name);
        Images = options.Images.ToDictionary(i => Ids.Named("ami", name + i.Name), StringComparer.Ordinal);
        tokens = new ClientTokens(agenda);
        placement = new Placement(options.Quota, Subnets, faults);
    }

    public string Name { get; }

    public string VpcId { get; }

    /// <summary>The VPC's default security group.</summary>
    public string GroupId { get; }

    public IReadOnlyList<Subnet> Subnets { get; }

    public IReadOnlyDictionary<string, MachineImage> Images { get; }

    public SortedDictionary<string, string> VpcTags { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> GroupTags { get; } = new(StringComparer.Ordinal);

    public Ec2Options Options => options;

    /// <summary>Runs something on the region brought up to now; the only way to its instances.</summary>
    public T Look<T>(Func<DateTimeOffset, T> look)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            agenda.RunUntil(now);
            return look(now);
        }
    }

    /// <summary>Instances that are listed, in the order of their launch. Call within <see cref="Look{T}"/>.</summary>
    public IEnumerable<Instance> Listed_NeedsLock => listed.Values;

    /// <summary>The same, and those that EC2 no longer lists.</summary>
    public IEnumerable<Instance> Ever_NeedsLock => gone.Concat(listed.Values);

    public Instance? Find_NeedsLock(string id) => byId.GetValueOrDefault(id);

    public void SetCapacity(string zone, string type, int? places) => Look(_ =>
    {
        placement.SetCapacity(zone, type, places);
        return places;
    });

    /// <summary>Launches, or gives what the same request with the same token launched before.</summary>
    public IReadOnlyList<Instance> Launch_NeedsLock(LaunchRequest request, DateTimeOffset now)
    {
        if (tokens.Claim(request, now) is { } before) return before;
        var (subnet, count) = placement.Choose(request);
        var reservation = ids.Resource("r");
        var made = Enumerable.Range(0, count).Select(index => Make(request, subnet, reservation, index, now)).ToList();
        tokens.Remember(request, made);
        return made;
    }

    /// <summary>Puts an instance there that no call asked for.</summary>
    public Instance LaunchAround_NeedsLock(LaunchRequest request, Subnet subnet, DateTimeOffset now) =>
        Make(request, subnet, ids.Resource("r"), 0, now);

    public void Terminate_NeedsLock(Instance instance, DateTimeOffset now, string code, string message)
    {
        if (instance.End is not null) return;
        var ending = new Ending(now, now + options.ShutdownTime, code, message);
        instance.Terminate(ending);
        power.Lost(instance.Id);
        agenda.At(ending.Terminated, () => Release(instance));
        agenda.At(ending.Terminated + options.TerminatedListedFor, () => Drop(instance));
    }

    /// <summary>Stops a running instance; its disk and its private address stay.</summary>
    public void Stop_NeedsLock(Instance instance, DateTimeOffset now)
    {
        if (instance.StateAt(now) is InstanceState.Stopping or InstanceState.Stopped) return;
        var halt = new Halt(now, now + options.ShutdownTime);
        instance.Stop(halt);
        power.Off(instance.Id);
        agenda.At(halt.Stopped, () => Pause(instance));
    }

    public void Start_NeedsLock(Instance instance, DateTimeOffset now)
    {
        if (instance.StateAt(now) is not InstanceState.Stopped) return;
        placement.Count(instance, +1);
        instance.Start(now, now + options.BootTime, instance.Launch.PublicAddress ? publicAddresses.Take() : null);
        power.On(instance, options.BootTime);
    }

    public void Reboot_NeedsLock(Instance instance) => power.Reboot(instance.Id);

    private Instance Make(LaunchRequest request, Subnet subnet, string reservation, int index, DateTimeOffset now)
    {
        var address = subnet.TakeAddress();
        var identity = new InstanceIdentity(sequence++, ids.Resource("i"), reservation, index, ids.Resource("eni"), address,
            subnet.Address(address).ToString(), request.PublicAddress ? publicAddresses.Take() : null,
            request.Spot ? "sir-" + ids.Upper(8).ToLowerInvariant() : null);
        var instance = new Instance(request, subnet, identity, now, now + options.BootTime)
        {
            Volumes = [.. request.Volumes.Select(v => new AttachedVolume(
                ids.Resource("vol"), v.Device, v.DeleteOnTermination, new(request.VolumeTags.ToDictionary(), StringComparer.Ordinal)))],
        };
        listed.Add(identity.Sequence, instance);
        byId.Add(identity.Id, instance);
        placement.Count(instance, +1);
        power.On(instance, options.BootTime);
        return instance;
    }

    /// <summary>A stopped instance takes no capacity and has no public address.</summary>
    private void Pause(Instance instance)
    {
        if (instance.End is not null) return;
        placement.Count(instance, -1);
        if (instance.Identity.PublicAddress is { } address) publicAddresses.Release(address);
        instance.LosePublicAddress();
    }

    private void Release(Instance instance)
    {
        // One that was stopped before gave its capacity back then.
        if (instance.Halt is not { } halt || halt.Stopped > instance.End?.Started) placement.Count(instance, -1);
        instance.Subnet.Release(instance.Identity.AddressNumber);
        if (instance.Identity.PublicAddress is { } address) publicAddresses.Release(address);
    }

    private void Drop(Instance instance)
    {
        listed.Remove(instance.Identity.Sequence);
        byId.Remove(instance.Id);
        instance.Forget();
        gone.Enqueue(instance);
        // Enough for any test's post-mortem; a simulator that runs for weeks must not grow.
        if (gone.Count > 10_000) gone.Dequeue();
    }
}

/// <summary>Addresses of 198.18.0.0/15, set aside for benchmarks (RFC 2544): no one is reached by accident.</summary>
internal sealed class PublicAddresses
{
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private int next = 1;

    public string Take()
    {
        while (true)
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"198.{18 + next / 65536 % 2}.{next / 256 % 256}.{next % 256}");
            next = next == 131070 ? 1 : next + 1;
            if (used.Add(address)) return address;
            if (used.Count >= 131070)
                throw new ApiException(400, "InsufficientAddressCapacity", "The maximum number of addresses has been reached.");
        }
    }

    public void Release(string address) => used.Remove(address);
}
