using Kontena.Simulator.Ec2.Query;
using Kontena.Simulator.Faults;

namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>Where a launch goes and how many of it: capacity of zone and type, the account's quota, free addresses, and the faults on launches.</summary>
internal sealed class Placement(Ec2Quota quota, IReadOnlyList<Subnet> subnets, FaultBook faults)
{
    private readonly Dictionary<(string Zone, string Type), int> capacity = [];
    private readonly Dictionary<(string Zone, string Type), int> living = [];
    private int onDemand;
    private int onDemandVcpus;
    private int spot;
    private int turn;

    /// <summary>How many of a type may live in a zone; null: as many as one likes.</summary>
    public void SetCapacity(string zone, string type, int? places)
    {
        if (places is { } number) capacity[(zone, type)] = number;
        else capacity.Remove((zone, type));
    }

    /// <summary>The subnet and the number of instances. Refuses with the reason of the last zone that was tried.</summary>
    public (Subnet Subnet, int Count) Choose(LaunchRequest request)
    {
        var most = Math.Min(request.Most, WithinQuota(request));
        ApiException? refusal = null;
        foreach (var subnet in Candidates(request))
        {
            if (faults.StrikeLaunch(new("ec2", "RunInstances", subnet.Zone, request.Type.Name)) is { } struck)
            {
                if (struck.Fault.Kind == FaultKind.Quota) throw OverQuota(struck.Fault.Code ?? "VcpuLimitExceeded", request.Type, 0);
                refusal = NoCapacity(request);
                continue;
            }
            var room = Math.Min(most, Room(subnet.Zone, request.Type.Name));
            if (room < request.Least) refusal = NoCapacity(request);
            else if (subnet.FreeAddresses < request.Least)
                refusal = new(400, "InsufficientFreeAddressesInSubnet",
                    $"There are not enough free addresses in subnet '{subnet.Id}' to satisfy the requested number of instances.");
            else return (subnet, Math.Min(room, subnet.FreeAddresses));
        }
        throw refusal ?? throw new InvalidOperationException("A region without a subnet cannot place anything.");
    }

    public void Count(Instance instance, int by)
    {
        var key = (instance.Subnet.Zone, instance.Launch.Type.Name);
        living[key] = living.GetValueOrDefault(key) + by;
        if (instance.Launch.Spot)
        {
            spot += by;
            return;
        }
        onDemand += by;
        onDemandVcpus += by * instance.Launch.Type.Vcpus;
    }

    private IEnumerable<Subnet> Candidates(LaunchRequest request)
    {
        if (request.Subnet is { } named) return [named];
        var first = turn++ % subnets.Count;
        return subnets.Skip(first).Concat(subnets.Take(first));
    }

    private int Room(string zone, string type) =>
        capacity.TryGetValue((zone, type), out var places) ? Math.Max(0, places - living.GetValueOrDefault((zone, type))) : int.MaxValue;

    private int WithinQuota(LaunchRequest request)
    {
        if (request.Spot) return Check(quota.SpotInstances, spot, 1, "MaxSpotInstanceCountExceeded", request);
        var instances = Check(quota.Instances, onDemand, 1, "InstanceLimitExceeded", request);
        return Math.Min(instances, Check(quota.Vcpus, onDemandVcpus, request.Type.Vcpus, "VcpuLimitExceeded", request));
    }

    private static int Check(int? limit, int used, int each, string code, LaunchRequest request)
    {
        if (limit is null) return int.MaxValue;
        var room = Math.Max(0, limit.Value - used) / each;
        return room >= request.Least ? room : throw OverQuota(code, request.Type, limit.Value);
    }

    private static ApiException NoCapacity(LaunchRequest request)
    {
        var where = request.Subnet is { } subnet ? $"in the Availability Zone you requested ({subnet.Zone})" : "in any Availability Zone";
        return new(500, "InsufficientInstanceCapacity", $"We currently do not have sufficient {request.Type.Name} capacity {where}. "
            + "Our system will be working on provisioning additional capacity.");
    }

    private static ApiException OverQuota(string code, MachineType type, int limit) => new(400, code, code switch
    {
        "VcpuLimitExceeded" => $"You have requested more vCPU capacity than your current vCPU limit of {limit} allows "
            + "for the instance bucket that the specified instance type belongs to.",
        "InstanceLimitExceeded" => $"Your quota allows for {limit} more running instance(s). You requested at least 1 of {type.Name}.",
        "MaxSpotInstanceCountExceeded" => "Max spot instance count exceeded",
        _ => "The account's limit is reached.",
    });
}
