using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Providers.Aws.Ec2;

namespace Kontena.Operator.Providers.Aws;

/// <summary>From a machine request to the launch. Built from the attempt and the node's snapshot alone, so a replay is the same call.</summary>
internal static class AwsLaunches
{
    /// <summary>Keys of what is resolved once and written down with the attempt.</summary>
    public const string Subnet = "subnet";
    public const string Zone = "zone";
    public const string RootDevice = "rootDevice";

    /// <summary>EC2's limit in bytes, before base64.</summary>
    public const int UserDataLimit = 16 * 1024;

    // EC2 takes a client token of at most 64 ASCII characters.
    private const int LongestToken = 64;

    /// <exception cref="DriverException">BadSettings: EC2 would refuse the launch, or the attempt lacks what must be resolved first.</exception>
    public static Ec2Launch Compose(MachineRequest request, AwsSettings settings)
    {
        var attempt = request.Attempt;
        if (request.UserData.Length > UserDataLimit)
            throw Bad($"The user-data of {request} is {request.UserData.Length} bytes; EC2 takes {UserDataLimit} (before base64). Shorten spec.template.userData.");
        if (attempt.Token.Length is 0 or > LongestToken || !System.Text.Ascii.IsValid(attempt.Token))
            throw Bad($"The token of {request} is not 1 to {LongestToken} ASCII characters.");
        return new Ec2Launch
        {
            ClientToken = attempt.Token,
            ImageId = attempt.Image,
            InstanceType = attempt.Type,
            SubnetId = Resolved(attempt, Subnet, request),
            AssociatePublicIp = settings.AssociatePublicIp,
            SecurityGroupIds = GroupsOf(attempt, settings),
            KeyName = settings.KeyName,
            RootDeviceName = Resolved(attempt, RootDevice, request),
            RootVolumeGiB = settings.RootVolumeGiB,
            Spot = settings.Spot,
            Tags = AwsTags.Compose(request.Marks, request.Name, settings.Tags),
            UserData = request.UserData,
        };
    }

    /// <summary>The operator's, then the user's. With neither, EC2 attaches the VPC's default group.</summary>
    private static IReadOnlyList<string> GroupsOf(CreateAttempt attempt, AwsSettings settings) => attempt.Firewalls is { Count: > 0 } own
        ? [.. own.Union(settings.SecurityGroupIds ?? [], StringComparer.Ordinal)]
        : settings.SecurityGroupIds ?? [];

    private static string Resolved(CreateAttempt attempt, string key, MachineRequest request) =>
        attempt.Resolved is { } details && details.TryGetValue(key, out var value) && value.Length > 0
            ? value
            : throw Bad($"The attempt of {request} was written down without its {key}: it cannot be repeated as the same call.");

    private static DriverException Bad(string message) => new(DriverFault.BadSettings, message);
}
