using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class TerminateInstances() : Ec2Action("TerminateInstances", mutates: true,
    [Text("InstanceId.N"), Boolean("Force"), Boolean("SkipOsShutdown")])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var ids = call.Parameters.List("InstanceId");
        if (ids.Count == 0) throw Refusal.Missing("InstanceId");
        var instances = ResourceIds.Resolve(ids, "i", "InvalidInstanceID", call.Region.Find_NeedsLock, Refusal.NoSuchInstance);
        if (instances.FirstOrDefault(i => i.Launch.TerminationProtected && i.End is null) is { } kept)
            throw new ApiException(400, "OperationNotPermitted",
                $"The instance '{kept.Id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.");
        call.EndDryRun();
        xml.List("instancesSet", instances, instance => Terminate(call, xml, instance));
    }

    private static void Terminate(ActionCall call, AnswerXml xml, Instance instance)
    {
        var before = instance.StateAt(call.Now);
        call.Region.Terminate_NeedsLock(instance, call.Now, Ending.ByUser, Ending.ByUserMessage);
        xml.Text("instanceId", instance.Id);
        ReservationXml.State(xml, "currentState", instance.StateAt(call.Now));
        ReservationXml.State(xml, "previousState", before);
    }
}
