using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>Something that carries tags.</summary>
/// <param name="Type">EC2's name of its kind, as DescribeTags answers it.</param>
internal sealed record TaggedResource(string Id, string Type, SortedDictionary<string, string> Tags)
{
    /// <summary>Everything that can be seen in the region and tagged, in the order of the listing.</summary>
    public static IEnumerable<TaggedResource> In(ActionCall call) =>
        call.Region.Vpcs.Select(v => new TaggedResource(v.Id, "vpc", v.Tags))
            .Concat(call.Region.Groups_NeedsLock.Existing.Where(g => GroupLookup.Visible(call, g)).Select(g => new TaggedResource(g.Id, "security-group", g.Tags)))
            .Concat(call.Region.Subnets.Select(s => new TaggedResource(s.Id, "subnet", s.Tags)))
            .Concat(call.Region.Listed_NeedsLock.SelectMany(i => i.Volumes.Select(v => new TaggedResource(v.Id, "volume", v.Tags))
                .Prepend(new TaggedResource(i.Id, "instance", i.Tags))));

    /// <summary>All of them, or the call fails.</summary>
    public static IReadOnlyList<TaggedResource> Find(ActionCall call, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0) throw Refusal.Missing("ResourceId");
        var wanted = ids.ToHashSet(StringComparer.Ordinal);
        var found = In(call).Where(r => wanted.Contains(r.Id)).ToList();
        if (found.Count == wanted.Count) return found;
        var missing = ids.First(id => found.All(r => r.Id != id));
        var prefix = missing.Split('-')[0];
        var error = prefix switch
        {
            "i" => "InvalidInstanceID",
            "vol" => "InvalidVolume",
            "subnet" => "InvalidSubnetID",
            "vpc" => "InvalidVpcID",
            "sg" => "InvalidGroup",
            _ => "InvalidID",
        };
        throw Refusal.NotFound(error, $"The ID '{missing}' does not exist");
    }

    /// <summary>Tells of the instances among them, which flows are watched by.</summary>
    public static void TellChanged(ActionCall call, IEnumerable<TaggedResource> resources)
    {
        foreach (var resource in resources)
            if (call.Region.Find_NeedsLock(resource.Id) is { } instance) call.Region.TagsChanged_NeedsLock(instance, call.Now);
    }
}
