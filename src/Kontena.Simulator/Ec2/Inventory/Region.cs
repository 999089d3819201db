using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Faults;

namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>One region of the account: its VPCs and all that lives in them. The account's lock is its lock; nothing in it waits.</summary>
internal sealed class Region
{
    private readonly Ec2Options options;
    private readonly Account account;
    private readonly IReadOnlyList<string> zones;
    private readonly Ids ids;
    private readonly SortedDictionary<long, Instance> listed = [];
    private readonly Dictionary<string, Instance> byId = new(StringComparer.Ordinal);
    private readonly Queue<Instance> gone = new();
    private readonly ClientTokens tokens;
    private readonly Placement placement;
    private long sequence;

    public Region(string name, IReadOnlyList<string> zones, Ec2Options options, Account account, Ids ids, FaultBook faults)
    {
        (Name, this.zones, this.options, this.account, this.ids) = (name, zones, options, account, ids);
        Groups_NeedsLock = new SecurityGroups(ids);
        DefaultVpc = AddVpc(Ids.Named("vpc", name), "172.31.0.0/16", isDefault: true, mapsPublicAddresses: true);
        Images = options.Images.ToDictionary(i => Ids.Named("ami", name + i.Name), StringComparer.Ordinal);
        tokens = new ClientTokens(account.Agenda);
        placement = new Placement(options.Quota, DefaultVpc.Subnets, faults);
    }

    public string Name { get; }

    public Vpc DefaultVpc { get; }

    /// <summary>The default one first, then in the order in which they were added.</summary>
    public IReadOnlyList<Vpc> Vpcs { get; private set; } = [];

    public IEnumerable<Subnet> Subnets => Vpcs.SelectMany(vpc => vpc.Subnets);

    public SecurityGroups Groups_NeedsLock { get; }

    public IReadOnlyDictionary<string, MachineImage> Images { get; }

    public Ec2Options Options => options;

    /// <summary>Runs something on the region brought up to now; the only way to its instances.</summary>
    public T Look<T>(Func<DateTimeOffset, T> look) => account.Look(look);

    /// <summary>Adds a VPC with a subnet in each zone.</summary>
    /// <exception cref="ArgumentException">The block is no IPv4 block of 16 bits.</exception>
    public Vpc AddVpc(string cidr, bool mapsPublicAddresses) => AddVpc(Ids.Named("vpc", $"{Name} {Vpcs.Count}"), cidr, isDefault: false, mapsPublicAddresses);

    /// <summary>Instances that are listed, in the order of their launch. Call within <see cref="Look{T}"/>.</summary>
    public IEnumerable<Instance> Listed_NeedsLock => listed.Values;

    /// <summary>The same, and those that EC2 no longer lists.</summary>
    public IEnumerable<Instance> Ever_NeedsLock => gone.Concat(listed.Values);

    public Instance? Find_NeedsLock(string id) => byId.GetValueOrDefault(id);

    /// <summary>The instances whose interface has the group: all that are not terminated.</summary>
    public IReadOnlyList<Instance> Members_NeedsLock(SecurityGroup group) => [.. account.Addresses.All.Where(i => i.Groups.Contains(group))];

    /// <summary>Replaces the groups of an instance's interface.</summary>
    public void Attach_NeedsLock(Instance instance, IReadOnlyList<SecurityGroup> groups, DateTimeOffset now)
    {
        instance.Groups = groups;
        account.Changed_NeedsLock([instance], now);
    }

    /// <summary>To be called once rules of the group have changed, all of one call at a time.</summary>
    public void RulesChanged_NeedsLock(SecurityGroup group, DateTimeOffset now) => account.Changed_NeedsLock(Members_NeedsLock(group), now);

    /// <summary>To be called once an instance's tags have changed: watches go by them.</summary>
    public void TagsChanged_NeedsLock(Instance instance, DateTimeOffset now) => account.Changed_NeedsLock([instance], now);

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
        Tell(power => power.Lost(instance.Id));
        account.Changed_NeedsLock([instance], now);
        account.Agenda.At(ending.Terminated, () => Release(instance, ending.Terminated));
        account.Agenda.At(ending.Terminated + options.TerminatedListedFor, () => Drop(instance));
    }

    /// <summary>Stops a running instance; its disk and its private address stay.</summary>
    public void Stop_NeedsLock(Instance instance, DateTimeOffset now)
    {
        if (instance.StateAt(now) is InstanceState.Stopping or InstanceState.Stopped) return;
        var halt = new Halt(now, now + options.ShutdownTime);
        instance.Stop(halt);
        Tell(power => power.Off(instance.Id));
        account.Changed_NeedsLock([instance], now);
        account.Agenda.At(halt.Stopped, () => Pause(instance, halt.Stopped));
    }

    public void Start_NeedsLock(Instance instance, DateTimeOffset now)
    {
        if (instance.StateAt(now) is not InstanceState.Stopped) return;
        placement.Count(instance, +1);
        instance.Start(now, now + options.BootTime, NewPublicAddress(instance.Launch, instance.Subnet));
        account.Addresses.AddPublic(instance);
        Begin(instance, now);
    }

    public void Reboot_NeedsLock(Instance instance) => Tell(power => power.Reboot(instance.Id));

    private Vpc AddVpc(string id, string cidr, bool isDefault, bool mapsPublicAddresses) => account.Look(now =>
    {
        var vpc = new Vpc(id, Name, zones, cidr, isDefault, mapsPublicAddresses);
        Vpcs = [.. Vpcs, vpc];
        Groups_NeedsLock.AddDefault(vpc, now);
        return vpc;
    });

    private Instance Make(LaunchRequest request, Subnet subnet, string reservation, int index, DateTimeOffset now)
    {
        var address = subnet.TakeAddress();
        var identity = new InstanceIdentity(sequence++, ids.Resource("i"), reservation, index, ids.Resource("eni"), address,
            subnet.Address(address).ToString(), NewPublicAddress(request, subnet),
            request.Spot ? "sir-" + ids.Upper(8).ToLowerInvariant() : null);
        var instance = new Instance(request, subnet, identity, now, now + options.BootTime)
        {
            Groups = request.Groups ?? [Groups_NeedsLock.DefaultOf(subnet.Vpc)],
            Volumes = [.. request.Volumes.Select(v => new AttachedVolume(
                ids.Resource("vol"), v.Device, v.DeleteOnTermination, new(request.VolumeTags.ToDictionary(), StringComparer.Ordinal)))],
        };
        listed.Add(identity.Sequence, instance);
        byId.Add(identity.Id, instance);
        placement.Count(instance, +1);
        account.Addresses.Add(instance);
        Begin(instance, now);
        return instance;
    }

    /// <summary>Gives it power; that it runs is a change of its own, though nobody calls then.</summary>
    private void Begin(Instance instance, DateTimeOffset now)
    {
        var running = now + options.BootTime;
        Tell(power => power.On(instance, options.BootTime));
        account.Changed_NeedsLock([instance], now);
        account.Agenda.At(running, () => account.Changed_NeedsLock([instance], running));
    }

    private string? NewPublicAddress(LaunchRequest launch, Subnet subnet) =>
        launch.PublicAddress ?? subnet.Vpc.MapsPublicAddresses ? account.PublicAddresses.Take() : null;

    private void Tell(Action<IPower> message) => account.Power.Tell(message);

    /// <summary>A stopped instance takes no capacity and has no public address.</summary>
    private void Pause(Instance instance, DateTimeOffset at)
    {
        if (instance.End is not null) return;
        placement.Count(instance, -1);
        account.Addresses.RemovePublic(instance);
        if (instance.Identity.PublicAddress is { } address) account.PublicAddresses.Release(address);
        instance.LosePublicAddress();
        account.Changed_NeedsLock([instance], at);
    }

    private void Release(Instance instance, DateTimeOffset at)
    {
        // One that was stopped before gave its capacity back then.
        if (instance.Halt is not { } halt || halt.Stopped > instance.End?.Started) placement.Count(instance, -1);
        instance.Subnet.Release(instance.Identity.AddressNumber);
        account.Addresses.Remove(instance);
        if (instance.Identity.PublicAddress is { } address) account.PublicAddresses.Release(address);
        account.Changed_NeedsLock([instance], at);
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
