using System.Globalization;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws.Ec2;

namespace Kontena.Operator.Providers.Aws;

/// <summary>From EC2's instances to machines.</summary>
internal static class AwsMachines
{
    /// <summary>The low byte of the state code (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html).</summary>
    public static MachineState StateOf(int? code, string? name) => (code & 255) switch
    {
        0 => MachineState.Pending,
        16 => MachineState.Running,
        32 => MachineState.Terminating,
        48 => MachineState.Terminated,
        64 => MachineState.Stopping,
        80 => MachineState.Stopped,
        null => StateOf(name),
        _ => MachineState.Unrecognised,
    };

    public static MachineState StateOf(string? name) => name switch
    {
        "pending" => MachineState.Pending,
        "running" => MachineState.Running,
        "shutting-down" => MachineState.Terminating,
        "terminated" => MachineState.Terminated,
        "stopping" => MachineState.Stopping,
        "stopped" => MachineState.Stopped,
        _ => MachineState.Unrecognised,
    };

    /// <param name="region">Stands in for the zone where the answer leaves that out.</param>
    public static Machine From(Ec2Instance instance, string region)
    {
        var zone = instance.AvailabilityZone ?? region;
        return new Machine
        {
            ProviderId = new AwsProviderId(zone, instance.Id).ToString(),
            State = StateOf(instance.StateCode, instance.StateName),
            Marks = MarksOf(instance.Tags),
            Token = instance.ClientToken,
            Zone = zone,
            Type = instance.InstanceType ?? "",
            Image = instance.ImageId ?? "",
            Addresses = [.. new[] { instance.PrivateIp, instance.Ipv6, instance.PublicIp }.OfType<string>()],
            Network = instance.VpcId ?? "",
            Firewalls = instance.SecurityGroupIds,
            CreatedAt = instance.LaunchTime,
            Detail = DetailOf(instance),
        };
    }

    /// <summary>Oldest first; those of one second by id, so that every reader has the same order.</summary>
    public static IReadOnlyList<Machine> From(IEnumerable<Ec2Instance> instances, string region) =>
        [.. instances.Select(i => From(i, region)).OrderBy(m => m.CreatedAt ?? DateTimeOffset.MaxValue).ThenBy(m => m.ProviderId, StringComparer.Ordinal)];

    private static MachineMarks? MarksOf(IReadOnlyDictionary<string, string> tags) =>
        tags.TryGetValue(AwsTags.Installation, out var installation) && tags.TryGetValue(AwsTags.Pool, out var pool)
        && tags.TryGetValue(AwsTags.Node, out var node) && tags.TryGetValue(AwsTags.Attempt, out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) && attempt > 0
            ? new MachineMarks(installation, pool, node, attempt)
            : null;

    private static string? DetailOf(Ec2Instance instance) => (instance.StateReasonCode, instance.StateReasonMessage) switch
    {
        (null, var message) => message,
        (var code, null) => code,
        // EC2 begins most of its messages with the code.
        var (code, message) => message.StartsWith(code, StringComparison.Ordinal) ? message : $"{code}: {message}",
    };
}
