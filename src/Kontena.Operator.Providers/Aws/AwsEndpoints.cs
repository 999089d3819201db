using Amazon;
using Kontena.Operator.Core.Api.Providers;

namespace Kontena.Operator.Providers.Aws;

/// <summary>Where the calls of a region go.</summary>
internal sealed record AwsEndpoints(string Region, string Ec2, string Sts)
{
    /// <summary>An endpoint in the settings serves STS too: a simulated or private AWS has one address.</summary>
    public static AwsEndpoints Of(AwsSettings settings)
    {
        if (settings.Endpoint is { } own) return new AwsEndpoints(settings.Region, own, own);
        var suffix = RegionEndpoint.GetBySystemName(settings.Region).PartitionDnsSuffix;
        return new AwsEndpoints(settings.Region, $"https://ec2.{settings.Region}.{suffix}", $"https://sts.{settings.Region}.{suffix}");
    }
}
