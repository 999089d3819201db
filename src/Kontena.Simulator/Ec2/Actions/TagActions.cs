using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class CreateTags() : Ec2Action("CreateTags", mutates: true, [Text("ResourceId.N"), Text("Tag.N.Key"), Text("Tag.N.Value")])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var resources = TaggedResource.Find(call, call.Parameters.List("ResourceId"));
        var tags = TagRules.Read(call.Parameters);
        if (tags.Count == 0) throw Refusal.Missing("Tag");
        foreach (var resource in resources) TagRules.CheckCount(resource.Tags.Keys.Union(tags.Keys).Count());
        call.EndDryRun();
        foreach (var resource in resources)
            foreach (var (key, value) in tags) resource.Tags[key] = value;
        TaggedResource.TellChanged(call, resources);
        xml.Flag("return", true);
    }
}

internal sealed class DeleteTags() : Ec2Action("DeleteTags", mutates: true, [Text("ResourceId.N"), Text("Tag.N.Key"), Text("Tag.N.Value")])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var resources = TaggedResource.Find(call, call.Parameters.List("ResourceId"));
        var tags = call.Parameters.Branches("Tag").Select(tag => (Key: tag.Required("Key"), Value: tag.Text("Value"))).ToList();
        call.EndDryRun();
        foreach (var resource in resources)
        {
            if (tags.Count == 0) resource.Tags.Clear();
            // With a value the tag goes only where it has that value; without one, whatever it has.
            foreach (var (key, value) in tags)
                if (value is null || resource.Tags.GetValueOrDefault(key) == value) resource.Tags.Remove(key);
        }
        TaggedResource.TellChanged(call, resources);
        xml.Flag("return", true);
    }
}

internal sealed class DescribeTags() : Ec2Action("DescribeTags", mutates: false, [.. Filters, .. Paging])
{
    private static readonly Dictionary<string, Func<Listed, IEnumerable<string>>> Fields = new(StringComparer.Ordinal)
    {
        ["key"] = t => [t.Key],
        ["value"] = t => [t.Value],
        ["resource-id"] = t => [t.Resource.Id],
        ["resource-type"] = t => [t.Resource.Type],
    };

    public override void Answer(ActionCall call, AnswerXml xml)
    {
        // "tag:KEY" needs a dictionary of the resource's tags; here that is the one tag.
        var filters = new FilterSet<Listed>(call.Parameters, Fields, t => new Dictionary<string, string> { [t.Key] = t.Value });
        call.EndDryRun();
        var all = TaggedResource.In(call).SelectMany(r => r.Tags.Select(t => (Resource: r, t.Key, t.Value))).Index()
            .Select(t => new Listed(t.Index, t.Item.Resource, t.Item.Key, t.Item.Value));
        var page = Page<Listed>.Take(all.Where(filters.Matches), t => t.Index, call.Parameters);
        xml.List("tagSet", page.Items, tag =>
        {
            xml.Text("resourceId", tag.Resource.Id);
            xml.Text("resourceType", tag.Resource.Type);
            xml.Text("key", tag.Key);
            xml.Text("value", tag.Value);
        });
        xml.Text("nextToken", page.NextToken);
    }

    private sealed record Listed(int Index, TaggedResource Resource, string Key, string Value);
}
