using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class StopInstances() : Ec2Action("StopInstances", mutates: true,
    [Text("InstanceId.N"), Boolean("Force"), Boolean("SkipOsShutdown")])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var instances = PowerCall.Instances(call, InstanceState.Running, InstanceState.Stopping, InstanceState.Stopped);
        if (instances.FirstOrDefault(i => i.Launch.Spot) is { } spot)
            throw new ApiException(400, "UnsupportedOperation",
                $"You can't stop the Spot Instance '{spot.Id}' because it is associated with a one-time Spot Instance request.");
        call.EndDryRun();
        PowerCall.Change(call, xml, instances, instance => call.Region.Stop_NeedsLock(instance, call.Now));
    }
}

internal sealed class StartInstances() : Ec2Action("StartInstances", mutates: true, [Text("InstanceId.N")])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var instances = PowerCall.Instances(call, InstanceState.Pending, InstanceState.Running, InstanceState.Stopped);
        call.EndDryRun();
        PowerCall.Change(call, xml, instances, instance => call.Region.Start_NeedsLock(instance, call.Now));
    }
}

internal sealed class RebootInstances() : Ec2Action("RebootInstances", mutates: true, [Text("InstanceId.N")])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        // "Requests to reboot terminated instances are ignored" (API reference).
        var instances = PowerCall.Instances(call, InstanceState.Running, InstanceState.ShuttingDown, InstanceState.Terminated);
        call.EndDryRun();
        foreach (var instance in instances.Where(i => i.End is null)) call.Region.Reboot_NeedsLock(instance);
        xml.Flag("return", true);
    }
}

/// <summary>What the three have in common: every instance known and in a state that allows it, or none is touched.</summary>
internal static class PowerCall
{
    public static IReadOnlyList<Instance> Instances(ActionCall call, params InstanceState[] allowed)
    {
        var ids = call.Parameters.List("InstanceId");
        if (ids.Count == 0) throw Refusal.Missing("InstanceId");
        var instances = ResourceIds.Resolve(ids, "i", "InvalidInstanceID", call.Region.Find_NeedsLock, Refusal.NoSuchInstance);
        return instances.FirstOrDefault(i => !allowed.Contains(i.StateAt(call.Now))) is not { } wrong ? instances
            : throw new ApiException(400, "IncorrectInstanceState",
                $"The instance '{wrong.Id}' is not in a state for that: it is {wrong.StateAt(call.Now).Name()}.");
    }

    public static void Change(ActionCall call, AnswerXml xml, IReadOnlyList<Instance> instances, Action<Instance> change) =>
        xml.List("instancesSet", instances, instance =>
        {
            var before = instance.StateAt(call.Now);
            change(instance);
            xml.Text("instanceId", instance.Id);
            ReservationXml.State(xml, "currentState", instance.StateAt(call.Now));
            ReservationXml.State(xml, "previousState", before);
        });
}
