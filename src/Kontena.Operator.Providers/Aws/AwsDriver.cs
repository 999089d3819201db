using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Aws.Ec2;
using Kontena.Operator.Providers.Aws.Ec2.Wire;
using Kontena.Operator.Providers.Shared;
using Microsoft.Extensions.Logging;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Providers.Aws;

/// <summary>Machines at Amazon EC2: one driver an account and region.</summary>
public sealed class AwsDriver : IMachineDriver, IDisposable
{
    // EC2 knows a fresh security group in all of its parts within seconds; a minute is long.
    private static readonly TimeSpan knownEverywhere = TimeSpan.FromMinutes(1);

    private readonly IEc2Api ec2;
    private readonly string region;
    private readonly WriteFence fence;
    private readonly TimeProvider time;
    private readonly AwsImages images;
    private readonly AwsPlacement placement;
    private readonly IDisposable? credentials;

    /// <exception cref="DriverException">NotAllowed: the credentials Secret lacks a key.</exception>
    public static AwsDriver Open(AwsSettings settings, ProviderCredentials credentials, DriverEnvironment environment)
    {
        var endpoints = AwsEndpoints.Of(settings);
        var keys = AwsCredentials.From(credentials, endpoints, environment.Time);
        var transport = Ec2Transport.Open(keys, endpoints.Region, endpoints.Ec2);
        var client = new Ec2Client(transport, endpoints.Region, environment.CallDeadline, environment.Time, environment.Logs.CreateLogger<Ec2Client>());
        return new AwsDriver(client, endpoints.Region, environment.Fence, environment.Time, keys as IDisposable);
    }

    internal AwsDriver(IEc2Api ec2, string region, WriteFence fence, TimeProvider time, IDisposable? credentials = null)
    {
        (this.ec2, this.region, this.fence, this.time, this.credentials) = (ec2, region, fence, time, credentials);
        images = new AwsImages(ec2, region, time);
        placement = new AwsPlacement(ec2, region, time);
        Firewalls = new AwsFirewalls(ec2, placement, region, fence, time);
    }

    /// <summary>EC2 keeps client tokens; an instance is visible seconds after it was started, minutes in EC2's worst hours.</summary>
    public DriverPromises Promises { get; } = new(KeyedCreate: true, MaxCommitDelay: TimeSpan.FromMinutes(5), AwsLaunches.UserDataLimit, GzipUserData: true);

    public IFirewallDriver? Firewalls { get; }

    public async Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, OperatingSystem operatingSystem, int spread, CancellationToken ct)
    {
        var aws = Settings(settings);
        var image = await images.FindAsync(aws.Image, operatingSystem, ct);
        if (image.RootGiB > aws.RootVolumeGiB)
            throw new DriverException(DriverFault.BadSettings,
                $"spec.provider.aws.rootVolumeGiB is {aws.RootVolumeGiB}, but image {image.Id} needs a root volume of at least {image.RootGiB} GiB.");
        var subnet = await placement.FindAsync(offering.Zone, spread, ct);
        return new ResolvedOffering(image.Id, new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [AwsLaunches.Subnet] = subnet.Id,
            [AwsLaunches.Zone] = subnet.AvailabilityZone,
            [AwsLaunches.RootDevice] = image.RootDeviceName ?? "/dev/sda1",
        }, region, ZoneLetter(subnet.AvailabilityZone), subnet.VpcId ?? "");
    }

    /// <summary>The label <c>az</c> has always been the letter alone at EC2 (kontena-plugin-aws, node_provisioner.rb).</summary>
    private string ZoneLetter(string zone) => zone.StartsWith(region, StringComparison.Ordinal) ? zone[region.Length..] : zone;

    public async Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct)
    {
        var launch = AwsLaunches.Compose(request, Settings(request.Settings));
        fence.Check($"RunInstances of {request}");
        try
        {
            return AwsMachines.From(await ec2.RunInstanceAsync(launch, ct), region);
        }
        catch (DriverException e) when (AwsFaults.SaysGroupNotFound(e) && request.Attempt.Firewalls is { Count: > 0 } && IsFresh(request))
        {
            // Its groups were made right before the attempt was written down; to wait for a human would be wrong.
            throw new DriverException(DriverFault.Unavailable, $"{e.Message} A group that was made moments ago is known everywhere soon.") { Code = e.Code };
        }
    }

    private bool IsFresh(MachineRequest request) => time.GetUtcNow() - request.Attempt.OpenedAt < knownEverywhere;

    public async Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct)
    {
        try
        {
            return query switch
            {
                MachineQuery.ById byId => await FindAsync(byId.ProviderId, ct),
                MachineQuery.ByAttempt byAttempt => await FindAsync(byAttempt, ct),
                _ => throw new ArgumentOutOfRangeException(nameof(query), query, "unknown query"),
            };
        }
        catch (DriverException e)
        {
            return new Lookup.Unknown(e.Fault, e.Message);
        }
    }

    public async Task<MachineListing> ListAsync(string installation, CancellationToken ct)
    {
        var begunAt = time.GetUtcNow();
        var instances = await ec2.DescribeInstancesAsync([Ec2Filter.Tag(AwsTags.Installation, installation)], ct);
        return new MachineListing(begunAt, AwsMachines.From(instances, region));
    }

    public async Task<Machine?> ClaimAsync(string providerId, MachineMarks from, MachineMarks to, CancellationToken ct)
    {
        var id = Parse(providerId);
        if (await DescribeAsync(id, ct) is not { } instance) return null;
        var machine = AwsMachines.From(instance, region);
        if (machine.State is MachineState.Terminating or MachineState.Terminated || machine.Marks?.NameTheSameLaunch(from) != true || machine.Marks == to) return machine;
        fence.Check($"CreateTags of {providerId}");
        try
        {
            await ec2.TagInstanceAsync(id.InstanceId, AwsTags.Of(to), ct);
        }
        catch (DriverException e) when (AwsFaults.SaysNotFound(e))
        {
            return null;
        }
        return await DescribeAsync(id, ct) is { } now ? AwsMachines.From(now, region) : null;
    }

    public async Task DeleteAsync(string providerId, string installation, CancellationToken ct)
    {
        var id = Parse(providerId);
        if (await DescribeAsync(id, ct) is not { } instance) return;
        if (!instance.Tags.TryGetValue(AwsTags.Installation, out var owner) || owner != installation)
            throw new DriverException(DriverFault.BadSettings,
                $"{providerId} does not carry this installation's mark ({AwsTags.Installation}) and is not touched. Terminate it by hand if it should go.");
        // EC2 takes the call twice, but a quiet system does not make it.
        if (AwsMachines.StateOf(instance.StateCode, instance.StateName) is MachineState.Terminating or MachineState.Terminated) return;
        fence.Check($"TerminateInstances of {providerId}");
        try
        {
            await ec2.TerminateInstanceAsync(id.InstanceId, ct);
        }
        catch (DriverException e) when (AwsFaults.SaysNotFound(e))
        {
            // Gone between the two calls.
        }
    }

    public void Dispose()
    {
        ec2.Dispose();
        credentials?.Dispose();
    }

    private async Task<Lookup> FindAsync(string providerId, CancellationToken ct) =>
        await DescribeAsync(Parse(providerId), ct) is { } instance
            ? new Lookup.Found([AwsMachines.From(instance, region)])
            : new Lookup.ConfirmedAbsent();

    /// <summary>
    /// By the client token, which only the launch itself can set, and by the marks, which show copies that somebody launched
    /// "like this one". Two reads: one filter set of both would miss a machine whose tags were taken away.
    /// </summary>
    private async Task<Lookup> FindAsync(MachineQuery.ByAttempt query, CancellationToken ct)
    {
        var byToken = await ec2.DescribeInstancesAsync([new Ec2Filter("client-token", query.Token)], ct);
        var byMarks = await ec2.DescribeInstancesAsync(
        [
            Ec2Filter.Tag(AwsTags.Installation, query.Marks.Installation),
            Ec2Filter.Tag(AwsTags.Node, query.Marks.NodeUid),
            Ec2Filter.Tag(AwsTags.Attempt, query.Marks.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ], ct);
        var machines = AwsMachines.From(byToken.Concat(byMarks).DistinctBy(i => i.Id), region);
        // A cloned cluster has the same node UIDs, so the same tokens. Neither ours nor absent: a human must look.
        if (machines.FirstOrDefault(m => m.Token == query.Token && m.Marks is { } marks && marks.Installation != query.Marks.Installation) is { } foreign)
            return new Lookup.Unknown(DriverFault.TokenMismatch,
                $"{foreign.ProviderId} was started with this attempt's token by another installation ({foreign.Marks?.Installation}). Was this cluster cloned or restored?");
        return machines.Count == 0 ? new Lookup.ConfirmedAbsent() : new Lookup.Found(machines);
    }

    /// <summary>Null where EC2 was asked and knows of none.</summary>
    private async Task<Ec2Instance?> DescribeAsync(AwsProviderId id, CancellationToken ct)
    {
        try
        {
            return await ec2.DescribeInstanceAsync(id.InstanceId, ct);
        }
        catch (DriverException e) when (AwsFaults.SaysNotFound(e))
        {
            return null;
        }
    }

    private AwsProviderId Parse(string providerId) => AwsProviderId.In(region, providerId);

    private AwsSettings Settings(ProviderSettings settings) => SettingsIn(region, settings);

    internal static AwsSettings SettingsIn(string region, ProviderSettings settings) => settings switch
    {
        AwsSettings aws when aws.Region == region => aws,
        AwsSettings aws => throw new ArgumentException($"settings are for {aws.Region}, the driver for {region}", nameof(settings)),
        _ => throw new ArgumentException($"settings are for {settings.Provider}, the driver for aws", nameof(settings)),
    };
}
