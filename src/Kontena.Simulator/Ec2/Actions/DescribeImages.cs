using System.Globalization;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class DescribeImages() : Ec2Action("DescribeImages", mutates: false,
    [Text("ImageId.N"), Text("Owner.N"), .. Filters, .. Paging, Boolean("IncludeDeprecated"), Boolean("IncludeDisabled")])
{
    private static readonly Dictionary<string, Func<Listed, IEnumerable<string>>> Fields = new(StringComparer.Ordinal)
    {
        ["image-id"] = i => [i.Id],
        ["name"] = i => [i.Image.Name],
        ["description"] = i => [i.Image.Description],
        ["owner-id"] = i => [i.Image.OwnerId],
        ["architecture"] = i => [i.Image.Architecture],
        ["state"] = _ => ["available"],
        ["is-public"] = _ => ["true"],
        ["image-type"] = _ => ["machine"],
        ["root-device-type"] = _ => ["ebs"],
        ["root-device-name"] = i => [i.Image.RootDevice],
        ["virtualization-type"] = _ => ["hvm"],
        ["hypervisor"] = _ => ["xen"],
        ["ena-support"] = _ => ["true"],
        ["creation-date"] = i => [Created(i)],
    };

    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var ids = call.Parameters.List("ImageId");
        var images = call.Region.Images;
        foreach (var id in ids)
        {
            ResourceIds.Check(id, "ami", "InvalidAMIID");
            if (!images.ContainsKey(id)) throw Refusal.NotFound("InvalidAMIID", $"The image id '[{id}]' does not exist");
        }
        var owners = call.Parameters.List("Owner");
        var filters = new FilterSet<Listed>(call.Parameters, Fields, tags: null);
        call.EndDryRun();
        var all = images.OrderBy(i => i.Key, StringComparer.Ordinal).Select((i, index) => new Listed(index, i.Key, i.Value));
        var found = all.Where(i => (ids.Count == 0 || ids.Contains(i.Id)) && OwnedBy(owners, i.Image, call.AccountId) && filters.Matches(i));
        var page = Page<Listed>.Take(found, i => i.Index, call.Parameters);
        xml.List("imagesSet", page.Items, image => One(xml, image));
        xml.Text("nextToken", page.NextToken);
    }

    private static bool OwnedBy(IReadOnlyList<string> owners, MachineImage image, string account) =>
        owners.Count == 0 || owners.Contains(image.OwnerId) || (owners.Contains("self") && image.OwnerId == account);

    private static void One(AnswerXml xml, Listed listed)
    {
        var image = listed.Image;
        xml.Text("imageId", listed.Id);
        xml.Text("imageLocation", $"{image.OwnerId}/{image.Name}");
        xml.Text("imageState", "available");
        xml.Text("imageOwnerId", image.OwnerId);
        xml.Text("creationDate", Created(listed));
        xml.Flag("isPublic", true);
        xml.Text("architecture", image.Architecture);
        xml.Text("imageType", "machine");
        xml.Text("name", image.Name);
        xml.Text("description", image.Description);
        xml.Text("rootDeviceType", "ebs");
        xml.Text("rootDeviceName", image.RootDevice);
        xml.List("blockDeviceMapping", [image], each =>
        {
            xml.Text("deviceName", each.RootDevice);
            xml.Element("ebs", () =>
            {
                xml.Text("snapshotId", Ids.Named("snap", listed.Id));
                xml.Number("volumeSize", each.RootGiB);
                xml.Flag("deleteOnTermination", true);
                xml.Text("volumeType", "gp3");
                xml.Flag("encrypted", false);
            });
        });
        xml.Text("virtualizationType", "hvm");
        xml.Text("hypervisor", "xen");
        xml.Flag("enaSupport", true);
        xml.Text("platformDetails", "Linux/UNIX");
    }

    private static string Created(Listed listed) =>
        listed.Image.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed record Listed(int Index, string Id, MachineImage Image);
}
