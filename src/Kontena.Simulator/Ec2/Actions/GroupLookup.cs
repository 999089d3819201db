using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>Finds the security groups that a call names, or refuses in EC2's words.</summary>
internal static class GroupLookup
{
    /// <summary>EC2 is eventually consistent: what was just made may not be known yet.</summary>
    public static bool Visible(ActionCall call, SecurityGroup group) =>
        group.IsDefault || call.Now >= group.Created + call.Region.Options.InvisibleFor;

    /// <summary>The one that <c>GroupId</c>, or in the default VPC <c>GroupName</c>, names.</summary>
    public static SecurityGroup Target(ActionCall call) => (call.Parameters.Text("GroupId"), call.Parameters.Text("GroupName")) switch
    {
        ({ } id, null) => ById(call, id),
        (null, { } name) => ByName(call, name),
        (null, null) => throw Refusal.Missing("GroupId"),
        _ => throw Refusal.Combination("The parameters GroupId and GroupName cannot be used together"),
    };

    public static SecurityGroup ById(ActionCall call, string id)
    {
        ResourceIds.Check(id, "sg", "InvalidGroupId");
        return Find(call, id) ?? throw NoSuchGroup(id);
    }

    public static SecurityGroup ByName(ActionCall call, string name)
    {
        var vpc = call.Region.DefaultVpc;
        return call.Region.Groups_NeedsLock.Named(vpc, name) is { } group && Visible(call, group) ? group
            : throw Refusal.NotFound("InvalidGroup", $"The security group '{name}' does not exist in default VPC '{vpc.Id}'");
    }

    /// <summary>Null also for one that cannot be seen yet.</summary>
    public static SecurityGroup? Find(ActionCall call, string id) =>
        call.Region.Groups_NeedsLock.Find(id) is { } group && Visible(call, group) ? group : null;

    /// <summary>The groups of an interface: all of one VPC, each once, and not too many.</summary>
    public static IReadOnlyList<SecurityGroup> OfInterface(ActionCall call, IEnumerable<SecurityGroup> asked, Func<SecurityGroup, Vpc, ApiException> elsewhere, Vpc vpc)
    {
        var groups = asked.Distinct().ToList();
        if (groups.FirstOrDefault(g => g.Vpc != vpc) is { } stranger) throw elsewhere(stranger, vpc);
        return groups.Count > call.Region.Options.Quota.SecurityGroupsPerInterface
            ? throw new ApiException(400, "SecurityGroupsPerInterfaceLimitExceeded",
                "The maximum number of security groups per interface has been reached.")
            : groups;
    }

    public static ApiException NoSuchGroup(string id) => Refusal.NotFound("InvalidGroup", $"The security group '{id}' does not exist");

    public static ApiException TwoNetworks() =>
        Refusal.NotFound("InvalidGroup", "You have specified two resources that belong to different networks.");
}
