using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api.Providers;

/// <summary>Machines at Amazon EC2.</summary>
[Cel("!has(self.subnets) || size(self.subnets) == 0 || !has(self.zones) || size(self.zones) == 0", SubnetsAndZones,
    FieldPath = ".zones", Kind = FieldErrorKind.Forbidden)]
[Cel("!has(self.zones) || self.zones.all(z, size(z) == 1 || (z.startsWith(self.region) && z != self.region))", ForeignZone, FieldPath = ".zones")]
[Cel("!has(self.zones) || self.zones.all(z, size(z) != 1 || !((self.region + z) in self.zones))", ZoneTwice, FieldPath = ".zones")]
public sealed partial record AwsSettings : ProviderSettings
{
    [Required, RegularExpression("^[a-z]{2,4}(-[a-z]+)+-[0-9]+$"), MaxLength(32)]
    [Immutable("the region of a pool cannot change: make a new pool and delete this one"), Description("Region, e.g. eu-west-1.")]
    public required string Region { get; init; }

    [MaxLength(10), ItemMaxLength(32), ItemPattern("^([a-z]|[a-z]{2,4}(-[a-z0-9]+)+)$"), ListSet, Description("Availability zones to spread over, as letters (a) or full names (eu-west-1a). Left out: every zone of the region that has a default subnet.")]
    public IReadOnlyList<string>? Zones { get; init; }

    [Required, MinLength(1), MaxLength(20), ItemMaxLength(64), ItemPattern(@"^[a-z0-9-]+\.[a-z0-9-]+$"), ListSet, Description("Instance types in order of preference; a later one is tried when an earlier one has no capacity.")]
    public required IReadOnlyList<string> InstanceTypes { get; init; }

    [Description("Image to start. Left out: the newest public image of the template's operating system.")]
    public AwsImage? Image { get; init; }

    [MaxLength(16), ItemMaxLength(64), ItemPattern("^subnet-[0-9a-f]+$"), ListSet, Description("Subnets to place machines in, spread evenly. Left out: the default VPC's subnets in the zones.")]
    public IReadOnlyList<string>? Subnets { get; init; }

    [MaxLength(5), ItemMaxLength(64), ItemPattern("^sg-[0-9a-f]+$"), ListSet, Description("Existing security groups to attach besides the operator's own. Left out, and no firewall of the operator's: the VPC's default group.")]
    public IReadOnlyList<string>? SecurityGroupIds { get; init; }

    [MinLength(1), MaxLength(255), Description("Name of an EC2 key pair for SSH.")]
    public string? KeyName { get; init; }

    [DefaultValue(30), Range(8, 16384), Description("Size of the encrypted gp3 root volume, in GiB.")]
    public int RootVolumeGiB { get; init; } = 30;

    [Description("Whether machines get a public IPv4 address. Left out: as the subnet says.")]
    public bool? AssociatePublicIp { get; init; }

    [DefaultValue(false), Description("Use spot capacity (one-time requests, terminated on interruption).")]
    public bool Spot { get; init; }

    [MaxProperties(40), ItemMaxLength(256), Description("Tags for machines and their volumes. Keys that begin with kontena- or aws: are reserved.")]
    [Cel("self.all(key, !key.startsWith('kontena-') && !key.startsWith('aws:'))", ReservedTag, Kind = FieldErrorKind.Forbidden)]
    [Cel("self.all(key, size(key) >= 1 && size(key) <= 128)", TagKeyLength)]
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    [RegularExpression("^https?://"), MaxLength(255)]
    [Immutable("the endpoint of a pool cannot change: make a new pool and delete this one", Presence = Presence.Fixed)]
    [Description("Endpoint to use instead of the region's own, e.g. a private or simulated EC2.")]
    public string? Endpoint { get; init; }

    [Description("Secret with accessKeyID and secretAccessKey, and optionally sessionToken or roleARN. Left out: the operator's own surroundings (environment, profile, web identity, instance role).")]
    public SecretRef? CredentialsRef { get; init; }

    [JsonIgnore]
    public override string Provider => "aws";

    [JsonIgnore]
    public override IReadOnlyList<string> PlacementZones =>
        Subnets is { Count: > 0 } subnets ? subnets : Zones is { Count: > 0 } zones ? zones : [""];

    [JsonIgnore]
    public override IReadOnlyList<string> MachineTypes => InstanceTypes;

    [JsonIgnore]
    public override string InventoryScope => Endpoint is null ? Region : $"{Region}@{Endpoint}";

    [JsonIgnore]
    public override string? CredentialsSecret => CredentialsRef?.Name;

    /// <summary>See <see cref="ProviderSpec.InScope"/>.</summary>
    internal static AwsSettings InScope(string scope, string? credentialsSecret) => new()
    {
        Region = scope.Split('@', 2)[0],
        Endpoint = scope.Split('@', 2) is [_, var endpoint] ? endpoint : null,
        InstanceTypes = [],
        CredentialsRef = credentialsSecret is null ? null : new SecretRef { Name = credentialsSecret },
    };
}

/// <summary>An image by id, or the newest one of an owner whose name fits.</summary>
[Cel("has(self.id) != has(self.name)", IdOrName)]
[Cel("!has(self.owner) || has(self.name)", OwnerWithoutName, FieldPath = ".owner", Kind = FieldErrorKind.Forbidden)]
public sealed record AwsImage : IHasRules
{
    private const string IdOrName = "exactly one of id and name must be set";

    private const string OwnerWithoutName = "an owner narrows a lookup by name: an id needs none";

    [RegularExpression("^ami-[0-9a-f]{8,17}$"), Description("Image id.")]
    public string? Id { get; init; }

    [MinLength(1), MaxLength(128), Description("Image name with * and ? as wildcards; the newest one that fits is taken, once per machine.")]
    public string? Name { get; init; }

    [MaxLength(32), Description("Account id or alias of the owner for a lookup by name; left out: self.")]
    public string? Owner { get; init; }

    public IEnumerable<FieldError> BrokenRules(object? old)
    {
        if (Id is null == Name is null) yield return new FieldError("", FieldErrorKind.Invalid, IdOrName, FieldErrorSource.Rule);
        if (Owner is not null && Name is null)
            yield return new FieldError(".owner", FieldErrorKind.Forbidden, OwnerWithoutName, FieldErrorSource.Rule);
    }
}
