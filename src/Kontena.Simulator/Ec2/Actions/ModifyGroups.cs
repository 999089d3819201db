using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>Of an instance's attributes only its groups can be changed here: they replace those that it had.</summary>
internal sealed class ModifyInstanceAttribute() : Ec2Action("ModifyInstanceAttribute", mutates: true, [Text("InstanceId"), Text("GroupId.N")])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var instance = ResourceIds.Resolve([call.Parameters.Required("InstanceId")], "i", "InvalidInstanceID", call.Region.Find_NeedsLock, Refusal.NoSuchInstance)[0];
        GroupChange.CarryOut(call, xml, instance, call.Parameters.List("GroupId"));
    }
}

/// <summary>The same by the interface.</summary>
internal sealed class ModifyNetworkInterfaceAttribute() : Ec2Action("ModifyNetworkInterfaceAttribute", mutates: true,
    [Text("NetworkInterfaceId"), Text("SecurityGroupId.N")])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var id = call.Parameters.Required("NetworkInterfaceId");
        ResourceIds.Check(id, "eni", "InvalidNetworkInterfaceId");
        var instance = call.Region.Listed_NeedsLock.FirstOrDefault(i => i.Identity.InterfaceId == id && i.StateAt(call.Now) != InstanceState.Terminated)
            ?? throw Refusal.NotFound("InvalidNetworkInterfaceID", $"The networkInterface ID '{id}' does not exist");
        GroupChange.CarryOut(call, xml, instance, call.Parameters.List("SecurityGroupId"));
    }
}

internal static class GroupChange
{
    public static void CarryOut(ActionCall call, AnswerXml xml, Instance instance, IReadOnlyList<string> groupIds)
    {
        if (groupIds.Count == 0) throw Refusal.Combination("No attributes specified.");
        if (instance.StateAt(call.Now) == InstanceState.Terminated)
            throw new ApiException(400, "IncorrectInstanceState", $"The instance '{instance.Id}' is terminated.");
        var groups = GroupLookup.OfInterface(call, groupIds.Select(id => GroupLookup.ById(call, id)), (_, _) => GroupLookup.TwoNetworks(), instance.Subnet.Vpc);
        call.EndDryRun();
        call.Region.Attach_NeedsLock(instance, groups, call.Now);
        xml.Flag("return", true);
    }
}
