using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class DeleteSecurityGroup() : Ec2Action("DeleteSecurityGroup", mutates: true, [Text("GroupId"), Text("GroupName")])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var group = GroupLookup.Target(call);
        if (group.IsDefault) throw new ApiException(400, "CannotDelete", $"the specified group: \"{group.Id}\" name: \"default\" cannot be deleted by a user");
        // A rule of the group about itself holds nothing up.
        if (call.Region.Members_NeedsLock(group).Count > 0 || call.Region.Groups_NeedsLock.Existing.Any(g => g != group && g.RefersTo(group)))
            throw new ApiException(400, "DependencyViolation", $"resource {group.Id} has a dependent object");
        call.EndDryRun();
        call.Region.Groups_NeedsLock.Remove(group, call.Now);
        xml.Flag("return", true);
        xml.Text("groupId", group.Id);
    }
}
