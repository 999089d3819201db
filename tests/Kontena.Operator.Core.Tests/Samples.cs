using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;

namespace Kontena.Operator.Core.Tests;

/// <summary>Small values that tests start from.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static AwsSettings Aws { get; } = new() { Region = "eu-west-1", Zones = ["a", "b", "c"], InstanceTypes = ["t3.small", "t3a.small"] };

    public static NodePoolSpec Pool(int? replicas) => new() { Replicas = replicas, Provider = new ProviderSpec { Aws = Aws } };
}
