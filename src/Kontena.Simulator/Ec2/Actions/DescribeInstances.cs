using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class DescribeInstances() : Ec2Action("DescribeInstances", mutates: false,
    [Text("InstanceId.N"), .. Filters, .. Paging, Boolean("IncludeManagedResources")])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var ids = call.Parameters.List("InstanceId");
        if (ids.Count > 0 && call.Parameters.Has("MaxResults"))
            throw Refusal.Combination("The parameter instancesSet cannot be used with the parameter maxResults");
        if (ids.Count > 0 && call.Parameters.Has("NextToken"))
            throw Refusal.Combination("The parameter instancesSet cannot be used with the parameter nextToken");
        var filters = new FilterSet<Instance>(call.Parameters, InstanceFilters.At(call), i => i.Tags);
        call.EndDryRun();
        var visible = call.Region.Listed_NeedsLock.Where(i => Visible(call, i) && filters.Matches(i));
        var page = ids.Count > 0 ? new Page<Instance>([.. Named(call, ids).Where(filters.Matches)], null)
            : Page<Instance>.Take(visible, i => i.Identity.Sequence, call.Parameters);
        var reservations = page.Items.GroupBy(i => i.Identity.ReservationId);
        xml.List("reservationSet", reservations, reservation => ReservationXml.Content(xml, call, [.. reservation]));
        xml.Text("nextToken", page.NextToken);
    }

    private static IEnumerable<Instance> Named(ActionCall call, IReadOnlyList<string> ids)
    {
        Instance? Find(string id) => call.Region.Find_NeedsLock(id) is { } found && Visible(call, found) ? found : null;
        return ResourceIds.Resolve(ids, "i", "InvalidInstanceID", Find, Refusal.NoSuchInstance).OrderBy(i => i.Identity.Sequence);
    }

    /// <summary>EC2 is eventually consistent: what was just launched may not be listed yet.</summary>
    private static bool Visible(ActionCall call, Instance instance) => call.Now >= instance.Launched + call.Region.Options.InvisibleFor;
}
