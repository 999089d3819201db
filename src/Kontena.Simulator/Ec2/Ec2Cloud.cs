using Kontena.Simulator.Calls;
using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Ec2.Flows;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Ec2;

/// <summary>The simulated EC2 account as a test sees it: what is there, what happened, and a hand to make things happen.</summary>
public sealed class Ec2Cloud
{
    private readonly Dictionary<string, Region> regions;
    private readonly Account account;

    internal Ec2Cloud(Ec2Options options, Account account, Ids ids, FaultBook faults)
    {
        (Options, Faults, this.account) = (options, faults, account);
        Networks = new AccountNetworks(account);
        regions = options.Regions.ToDictionary(r => r.Key, r => new Region(r.Key, r.Value, options, account, ids, faults), StringComparer.Ordinal);
        Firewall = new Ec2Firewall(regions.Values);
        foreach (var vpc in options.Vpcs) AddVpc(vpc);
    }

    public Ec2Options Options { get; }

    /// <summary>What is to go wrong; the same book as the control endpoint's.</summary>
    public FaultBook Faults { get; }

    /// <summary>Every call of EC2 and STS.</summary>
    public CallLedger Calls { get; } = new();

    /// <summary>What lies between the instances of all regions. It may be asked under any lock.</summary>
    public INetworks Networks { get; }

    /// <summary>A hand on security groups.</summary>
    public Ec2Firewall Firewall { get; }

    /// <summary>Every instance there ever was (the 10,000 latest of those no longer listed), region by region in the order of launch.</summary>
    public IReadOnlyList<InstanceSnapshot> Instances =>
        [.. regions.Values.SelectMany(region => region.Look(now => region.Ever_NeedsLock.Select(i => i.Snapshot(region.Name, now)).ToList()))];

    /// <summary>The instance with that id, also after EC2 stopped listing it; null where there never was one.</summary>
    public InstanceSnapshot? Find(string id) => Instances.FirstOrDefault(i => i.Id == id);

    /// <summary>The pending and running instances that carry the tag, whatever EC2 would list of them now.</summary>
    public IReadOnlyList<InstanceSnapshot> LivingInstances(string tagKey, string tagValue) =>
        [.. Instances.Where(i => i.Living && i.Tags.GetValueOrDefault(tagKey) == tagValue)];

    /// <summary>
    /// How many instances with the tag were ever living at one time: 1 is what "exactly one machine a node" allows. Tags count as they are now.
    /// </summary>
    public int MostLivingAtOnce(string tagKey, string tagValue)
    {
        var marked = Instances.Where(i => i.Tags.GetValueOrDefault(tagKey) == tagValue).ToList();
        return marked.Count == 0 ? 0 : marked.Max(born => marked.Count(i => i.LivingAt(born.History[0].At)));
    }

    /// <summary>The decoded user-data that an instance was launched with. Secret: it is in no log, no snapshot and no answer of the control endpoint.</summary>
    public ReadOnlyMemory<byte>? UserData(string instanceId)
    {
        foreach (var region in regions.Values)
            if (region.Look(_ => region.Find_NeedsLock(instanceId)?.UserData) is { } data) return data;
        return null;
    }

    /// <summary>Ends an instance without a call of the API, as an operator at the console or AWS itself would.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    public void TerminateBehindTheBack(string instanceId, string reason = "Server.InternalError")
    {
        var done = regions.Values.Any(region => region.Look(now =>
        {
            if (region.Find_NeedsLock(instanceId) is not { } instance) return false;
            region.Terminate_NeedsLock(instance, now, reason, reason);
            return true;
        }));
        if (!done) throw new ArgumentException($"There is no instance {instanceId}.", nameof(instanceId));
    }

    /// <summary>Adds an instance that was not made through the API; faults and capacity do not stop it, quota counts it.</summary>
    public InstanceSnapshot LaunchForeign(ForeignInstance foreign)
    {
        ArgumentNullException.ThrowIfNull(foreign);
        var region = Region(foreign.Region);
        var subnet = region.Subnets.FirstOrDefault(s => (foreign.Zone is null || s.Zone == foreign.Zone) && (foreign.SubnetId is null || s.Id == foreign.SubnetId))
            ?? throw new ArgumentException($"Region {foreign.Region} has no zone {foreign.Zone} with subnet {foreign.SubnetId}.", nameof(foreign));
        var type = Options.InstanceTypes.FirstOrDefault(t => t.Name == foreign.InstanceType)
            ?? throw new ArgumentException($"There is no instance type {foreign.InstanceType}.", nameof(foreign));
        var imageId = foreign.Image is { } pattern ? NewestImage(foreign.Region, pattern, type.Architecture) : region.Images.First(i => i.Value.Architecture == type.Architecture).Key;
        var image = region.Images[imageId];
        var request = new LaunchRequest
        {
            Least = 1,
            Most = 1,
            ImageId = imageId,
            Image = image,
            Type = type,
            Subnet = subnet,
            ClientToken = foreign.ClientToken,
            UserData = foreign.UserData,
            Volumes = [new(image.RootDevice, true)],
            InstanceTags = foreign.Tags,
            ThroughApi = false,
        };
        return region.Look(now =>
        {
            SecurityGroup Group(string id) => region.Groups_NeedsLock.Find(id) is { } group && group.Vpc == subnet.Vpc ? group
                : throw new ArgumentException($"There is no security group {id} in {subnet.Vpc.Id}.", nameof(foreign));
            var groups = foreign.GroupIds.Count == 0 ? null : foreign.GroupIds.Select(Group).ToList();
            return region.LaunchAround_NeedsLock(request with { Groups = groups }, subnet, now).Snapshot(region.Name, now);
        });
    }

    /// <summary>Every security group of a region that there ever was (the 10,000 latest of those deleted), in the order of creation, the deleted ones first.</summary>
    public IReadOnlyList<SecurityGroupSnapshot> Groups(string region)
    {
        var at = Region(region);
        return at.Look(_ => at.Groups_NeedsLock.Ever.Select(group => group.Snapshot()).ToList());
    }

    /// <summary>Watches flows from now on: whether a packet passes is judged at every change of what could decide it.</summary>
    /// <exception cref="ArgumentException">The target is no instances.</exception>
    public FlowWatch Watch(FlowPattern pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return account.Look(now => account.Flows.Add(new FlowWatch(account, pattern), now));
    }

    /// <summary>Adds a VPC with a subnet in each zone of its region.</summary>
    /// <exception cref="ArgumentException">There is no such region, or the block is no IPv4 block of 16 bits.</exception>
    public VpcSnapshot AddVpc(ExtraVpc vpc)
    {
        ArgumentNullException.ThrowIfNull(vpc);
        var region = Region(vpc.Region);
        return Snapshot(region, region.AddVpc(vpc.Cidr, vpc.MapPublicIpOnLaunch));
    }

    /// <summary>The VPCs of a region, the default one first.</summary>
    public IReadOnlyList<VpcSnapshot> Vpcs(string region)
    {
        var at = Region(region);
        return [.. at.Vpcs.Select(vpc => Snapshot(at, vpc))];
    }

    /// <summary>Lets at most so many instances of a type live in a zone; null: no limit again. Instances that are there stay.</summary>
    public void SetCapacity(string zone, string instanceType, int? places) =>
        (regions.Values.FirstOrDefault(r => r.Subnets.Any(s => s.Zone == zone))
            ?? throw new ArgumentException($"There is no zone {zone}.", nameof(zone)))
            .SetCapacity(zone, instanceType, places);

    /// <summary>The newest image whose name fits the pattern (<c>*</c> and <c>?</c>), in that region: what a driver should find.</summary>
    public string NewestImage(string region, string namePattern, string architecture = "x86_64") => Region(region).Images
        .Where(i => i.Value.Architecture == architecture && Query.Wildcard.Matches(namePattern, i.Value.Name))
        .OrderByDescending(i => i.Value.Created).ThenBy(i => i.Key, StringComparer.Ordinal).Select(i => i.Key).FirstOrDefault()
        ?? throw new ArgumentException($"No {architecture} image in {region} is called {namePattern}.", nameof(namePattern));

    /// <summary>The default subnet of a zone.</summary>
    public string SubnetId(string zone) => regions.Values.SelectMany(r => r.Subnets).FirstOrDefault(s => s.Zone == zone)?.Id
        ?? throw new ArgumentException($"There is no zone {zone}.", nameof(zone));

    internal Region? FindRegion(string name) => regions.GetValueOrDefault(name);

    /// <summary>The zone of a subnet in any region; null where there is none.</summary>
    internal string? ZoneOf(string? subnetId) =>
        subnetId is null ? null : regions.Values.SelectMany(r => r.Subnets).FirstOrDefault(s => s.Id == subnetId)?.Zone;

    private static VpcSnapshot Snapshot(Region region, Vpc vpc) => region.Look(_ => new VpcSnapshot(vpc.Id, region.Name, vpc.Cidr, vpc.IsDefault,
        vpc.Subnets.ToDictionary(s => s.Zone, s => s.Id, StringComparer.Ordinal), region.Groups_NeedsLock.DefaultOf(vpc).Id));

    private Region Region(string name) => regions.GetValueOrDefault(name)
        ?? throw new ArgumentException($"There is no region {name}.", nameof(name));
}
