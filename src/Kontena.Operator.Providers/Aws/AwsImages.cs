using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws.Ec2;
using Kontena.Operator.Providers.Shared;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Providers.Aws;

/// <summary>Finds the image to start: by id, the newest of a name, or the newest public one of an operating system.</summary>
internal sealed class AwsImages(IEc2Api ec2, string region, TimeProvider time)
{
    private readonly ReadCache<string, Ec2Image> cache = new(TimeSpan.FromMinutes(5), time);

    /// <exception cref="DriverException">BadSettings: there is no such image, or it cannot be started as a machine of the pool.</exception>
    public async Task<Ec2Image> FindAsync(AwsImage? wanted, OperatingSystem operatingSystem, CancellationToken ct)
    {
        if (wanted?.Id is { } id)
            return await cache.GetAsync(id, token => ByIdAsync(id, token), ct);
        var (owner, name) = wanted?.Name is { } pattern ? (wanted.Owner ?? "self", pattern) : PublicImage(operatingSystem);
        return await cache.GetAsync($"{owner} {name}", token => NewestAsync(owner, name, token), ct);
    }

    /// <summary>The publishers' accounts; Ubuntu and Debian by release, so that a new release is a decision and not a surprise.</summary>
    internal static (string Owner, string Name) PublicImage(OperatingSystem operatingSystem) => operatingSystem switch
    {
        OperatingSystem.Ubuntu => ("099720109477", "ubuntu/images/hvm-ssd*/ubuntu-noble-24.04-amd64-server-*"),
        OperatingSystem.Debian => ("136693071363", "debian-12-amd64-*"),
        OperatingSystem.Flatcar => ("075585003325", "Flatcar-stable-*-hvm"),
        _ => throw new ArgumentOutOfRangeException(nameof(operatingSystem), operatingSystem, "unknown operating system"),
    };

    private async Task<Ec2Image> ByIdAsync(string id, CancellationToken ct)
    {
        var images = await ec2.DescribeImagesAsync(new Ec2ImageQuery.ById(id), ct);
        var image = images.FirstOrDefault(i => i.Id == id)
            ?? throw Bad($"There is no image {id} in {region} that this account may start. An image id belongs to one region; check spec.provider.aws.image.id.");
        if (image.State is not (null or "available"))
            throw Bad($"Image {id} in {region} is {image.State}, not available. Choose another, or wait until it is.");
        if (image.RootDeviceType is not (null or "ebs"))
            throw Bad($"Image {id} in {region} has a root device of type {image.RootDeviceType}; the operator needs an EBS root volume.");
        return image;
    }

    private async Task<Ec2Image> NewestAsync(string owner, string name, CancellationToken ct)
    {
        Ec2Filter[] filters =
        [
            new("name", name), new("state", "available"), new("architecture", "x86_64"),
            new("virtualization-type", "hvm"), new("root-device-type", "ebs"),
        ];
        var images = await ec2.DescribeImagesAsync(new Ec2ImageQuery.ByOwner(owner, filters), ct);
        return images.OrderByDescending(i => i.CreationDate ?? DateTimeOffset.MinValue).ThenByDescending(i => i.Id, StringComparer.Ordinal).FirstOrDefault()
            ?? throw Bad($"Owner {owner} has no available x86_64 image (hvm, ebs) named {name} in {region}. Set spec.provider.aws.image.");
    }

    private static DriverException Bad(string message) => new(DriverFault.BadSettings, message);
}
