using System.Text.RegularExpressions;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Aws.Ec2;
using Kontena.Operator.Providers.Shared;

namespace Kontena.Operator.Providers.Aws;

/// <summary>EC2's security groups as firewalls of one account and region.</summary>
internal sealed partial class AwsFirewalls(IEc2Api ec2, AwsPlacement placement, string region, WriteFence fence, TimeProvider time) : IFirewallDriver
{
    private const string DuplicateName = "InvalidGroup.Duplicate";

    private const int LongestDescription = 255;

    private readonly AwsGroups groups = new(ec2);
    private readonly AwsIngress ingress = new(ec2, new AwsGroups(ec2), fence);

    /// <summary>60 inbound rules a group, for IPv4 and IPv6 each, until the account's quota is raised (Amazon VPC quotas).</summary>
    public FirewallPromises Promises { get; } = new(ExpressesEsp: true, MembersAsSource: true, UsualMostRules: 60);

    public Task<IReadOnlyList<string>> NetworksAsync(ProviderSettings settings, CancellationToken ct) =>
        placement.VpcsAsync(AwsDriver.SettingsIn(region, settings).PlacementZones, ct);

    public async Task<FirewallListing> ListAsync(string installation, CancellationToken ct)
    {
        var begunAt = time.GetUtcNow();
        return ListingOf(begunAt, await groups.OfInstallationAsync(installation, ct));
    }

    public async Task<FirewallListing> ReadAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        var begunAt = time.GetUtcNow();
        return ListingOf(begunAt, await groups.ByIdAsync(ids, ct));
    }

    /// <summary>
    /// Made without a look first: the name is unique in the VPC, so EC2 makes no second one. What comes back is what was asked for, since a
    /// fresh group may not be shown for some seconds.
    /// </summary>
    public async Task<Firewall> EnsureAsync(FirewallRequest request, CancellationToken ct)
    {
        var userTags = request.Settings is { } settings ? AwsDriver.SettingsIn(region, settings).Tags : null;
        var group = new Ec2NewSecurityGroup(request.Name, Described(request.Description), request.Network, AwsTags.Compose(request.Marks, request.Name, userTags));
        fence.Check($"CreateSecurityGroup of {request}");
        try
        {
            var id = await ec2.CreateSecurityGroupAsync(group, ct);
            return new Firewall { Id = id, Name = request.Name, Network = request.Network, Marks = request.Marks };
        }
        catch (DriverException e) when (e is { Code: DuplicateName, Fault: DriverFault.BadSettings })
        {
            return await OfThatNameAsync(request, ct);
        }
    }

    public Task OpenAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) => ingress.OpenAsync(id, owner, rules, ct);

    public Task CloseAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) => ingress.CloseAsync(id, owner, rules, ct);

    /// <summary>EC2 can only replace the list. One that somebody attaches between the read and the call would be lost: it cannot compare and set.</summary>
    public async Task AttachAsync(string providerId, string installation, IReadOnlyList<string> ids, CancellationToken ct)
    {
        var instanceId = AwsProviderId.In(region, providerId).InstanceId;
        var instance = await FindInstanceAsync(instanceId, providerId, ct);
        if (!instance.Tags.TryGetValue(AwsTags.Installation, out var owner) || owner != installation)
            throw Bad($"{providerId} does not carry this installation's mark ({AwsTags.Installation}) and is not touched.");
        // Nothing reaches it any more, and EC2 refuses the call.
        if (AwsMachines.StateOf(instance.StateCode, instance.StateName) is MachineState.Terminating or MachineState.Terminated) return;
        if (instance.SecurityGroupIds.Count == 0)
            throw new DriverException(DriverFault.Unavailable, $"EC2 does not show the security groups of {providerId}: what it has would be taken away.");
        var missing = ids.Except(instance.SecurityGroupIds, StringComparer.Ordinal).ToList();
        if (missing.Count == 0) return;
        fence.Check($"ModifyInstanceAttribute of {providerId}");
        try
        {
            await ec2.SetSecurityGroupsAsync(instanceId, [.. instance.SecurityGroupIds, .. missing], ct);
        }
        catch (DriverException e) when (AwsFaults.SaysGroupNotFound(e))
        {
            throw AwsGroups.NotShown(string.Join(" or ", missing));
        }
    }

    public async Task DeleteAsync(string id, FirewallMarks owner, CancellationToken ct)
    {
        if (await groups.FindOwnedAsync(id, owner, ct) is null) return;
        fence.Check($"DeleteSecurityGroup of {id}");
        try
        {
            await ec2.DeleteSecurityGroupAsync(id, ct);
        }
        catch (DriverException e) when (AwsFaults.SaysGroupNotFound(e))
        {
            // Gone between the two calls.
        }
    }

    private async Task<Firewall> OfThatNameAsync(FirewallRequest request, CancellationToken ct)
    {
        if (await groups.ByNameAsync(request.Name, request.Network, ct) is not { } group)
            throw new DriverException(DriverFault.Unavailable, $"EC2 has a security group {request.Name} in {request.Network} but does not show it yet.")
            {
                Code = DuplicateName,
                OutcomeUnknown = true,
            };
        var firewall = AwsPermissions.From(group);
        return firewall.Marks == request.Marks
            ? firewall
            : throw Bad($"Security group {group.Id} in {request.Network} has the name {request.Name} but not our marks, and is not touched. Rename or delete it; "
                + $"if it was the operator's, give it back its tags {AwsTags.Installation}, {AwsTags.Owner} and {AwsTags.OwnerUid}.");
    }

    private async Task<Ec2Instance> FindInstanceAsync(string instanceId, string providerId, CancellationToken ct)
    {
        DriverException NotShown() => new(DriverFault.Unavailable, $"EC2 does not show {providerId}: it was started moments ago, or it is gone.");
        try
        {
            return await ec2.DescribeInstanceAsync(instanceId, ct) ?? throw NotShown();
        }
        catch (DriverException e) when (AwsFaults.SaysNotFound(e))
        {
            throw NotShown();
        }
    }

    private static FirewallListing ListingOf(DateTimeOffset begunAt, IEnumerable<Ec2SecurityGroup> groups) =>
        new(begunAt, [.. groups.Select(AwsPermissions.From).OrderBy(f => f.Id, StringComparer.Ordinal)]);

    private static string Described(string text)
    {
        var described = NotForDescriptions().Replace(text, "-");
        return described.Length <= LongestDescription ? described : described[..LongestDescription];
    }

    private static DriverException Bad(string message) => new(DriverFault.BadSettings, message);

    // EC2 refuses a description with any other character.
    [GeneratedRegex(@"[^A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]")]
    private static partial Regex NotForDescriptions();
}
