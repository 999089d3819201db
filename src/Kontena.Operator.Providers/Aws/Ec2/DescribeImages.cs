using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>One page of images, or one image by id.</summary>
internal sealed class DescribeImages(Ec2ImageQuery query, string? nextToken) : Ec2Operation<Ec2Page<Ec2Image>>
{
    public override string Action => "DescribeImages";

    public override string Subject => query switch
    {
        Ec2ImageQuery.ById byId => byId.ImageId,
        Ec2ImageQuery.ByOwner byOwner => $"images of owner {byOwner.Owner}",
        _ => throw new ArgumentOutOfRangeException(nameof(query), query, "unknown query"),
    };

    public override void Write(Ec2Form form)
    {
        switch (query)
        {
            case Ec2ImageQuery.ById byId:
                form.Add("ImageId.1", byId.ImageId);
                break;
            case Ec2ImageQuery.ByOwner byOwner:
                form.Add("Owner.1", byOwner.Owner).AddFilters(byOwner.Filters).Add("MaxResults", DescribeInstances.PageSize).Add("NextToken", nextToken);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(form), query, "unknown query");
        }
    }

    public override Ec2Page<Ec2Image> Read(XElement answer) =>
        new([.. answer.RequiredItems("imagesSet").Select(ReadImage)], answer.Text("nextToken"));

    private static Ec2Image ReadImage(XElement item)
    {
        var root = item.Text("rootDeviceName");
        return new Ec2Image
        {
            Id = item.RequiredText("imageId"),
            Name = item.Text("name"),
            State = item.Text("imageState"),
            Architecture = item.Text("architecture"),
            RootDeviceType = item.Text("rootDeviceType"),
            RootDeviceName = root,
            RootGiB = item.Items("blockDeviceMapping").FirstOrDefault(d => d.Text("deviceName") == root).Child("ebs").Number("volumeSize"),
            CreationDate = item.Time("creationDate"),
        };
    }
}
