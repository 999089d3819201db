using System.Security.Cryptography;
using System.Text;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>Reads RunInstances: every value checked against the region before anything is launched.</summary>
internal static class LaunchReader
{
    private const int MostUserDataBytes = 16384;

    public static LaunchRequest Read(ActionCall call)
    {
        var asked = call.Parameters;
        var (least, most) = Counts(asked);
        var (imageId, image) = Image(call);
        var type = Type(call, image);
        var network = LaunchNetwork.Read(call);
        var tags = Tags(asked);
        return new LaunchRequest
        {
            Least = least,
            Most = most,
            ImageId = imageId,
            Image = image,
            Type = type,
            Subnet = network.Subnet,
            PublicAddress = network.PublicAddress,
            Groups = network.Groups,
            KeyName = KeyName(call),
            UserData = UserData(asked),
            ClientToken = ClientToken(asked),
            Fingerprint = Fingerprint(asked),
            Spot = Spot(asked),
            Monitoring = asked.Boolean("Monitoring.Enabled") ?? false,
            EbsOptimized = asked.Boolean("EbsOptimized") ?? false,
            TerminationProtected = asked.Boolean("DisableApiTermination") ?? false,
            InstanceProfile = Profile(call),
            Metadata = Metadata(asked.Branch("MetadataOptions")),
            Volumes = LaunchVolumes.Read(asked, image),
            InstanceTags = tags.GetValueOrDefault("instance", []),
            VolumeTags = tags.GetValueOrDefault("volume", []),
        };
    }

    private static (int Least, int Most) Counts(QueryParameters asked)
    {
        asked.Required("MinCount");
        asked.Required("MaxCount");
        var (least, most) = (asked.Integer("MinCount") ?? 0, asked.Integer("MaxCount") ?? 0);
        if (least < 1) throw Refusal.InvalidValue(asked.Required("MinCount"), "MinCount", "Expecting a value of at least 1.");
        return most < least ? throw Refusal.InvalidValue("Maximum instance count must not be smaller than minimum instance count") : (least, most);
    }

    private static (string Id, MachineImage Image) Image(ActionCall call)
    {
        var id = call.Parameters.Required("ImageId");
        ResourceIds.Check(id, "ami", "InvalidAMIID");
        return call.Region.Images.TryGetValue(id, out var image) ? (id, image)
            : throw Refusal.NotFound("InvalidAMIID", $"The image id '[{id}]' does not exist");
    }

    private static MachineType Type(ActionCall call, MachineImage image)
    {
        var name = call.Parameters.Text("InstanceType") ?? "m1.small";
        var type = call.Region.Options.InstanceTypes.FirstOrDefault(t => t.Name == name)
            ?? throw Refusal.InvalidValue($"Invalid value '{name}' for InstanceType.");
        if (type.Architecture != image.Architecture)
            throw Refusal.InvalidValue($"The architecture '{type.Architecture}' of the specified instance type does not match "
                + $"the architecture '{image.Architecture}' of the specified AMI.");
        return type;
    }

    private static string? KeyName(ActionCall call) => call.Parameters.Text("KeyName") is not { } name ? null
        : call.Region.Options.KeyPairs.Contains(name, StringComparer.Ordinal) ? name
        : throw Refusal.NotFound("InvalidKeyPair", $"The key pair '{name}' does not exist");

    private static byte[]? UserData(QueryParameters asked)
    {
        if (asked.Text("UserData") is not { Length: > 0 } encoded) return null;
        var buffer = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, buffer, out var length))
            throw new ApiException(400, "InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
        return length > MostUserDataBytes ? throw Refusal.InvalidValue($"User data is limited to {MostUserDataBytes} bytes") : buffer[..length];
    }

    private static string? ClientToken(QueryParameters asked) => asked.Text("ClientToken") is not { Length: > 0 } token ? null
        : token.Length <= 64 && token.All(c => c is >= ' ' and <= '~') ? token
        : throw Refusal.InvalidValue(token, "clientToken", "Expecting at most 64 ASCII characters.");

    private static bool Spot(QueryParameters asked)
    {
        if (!asked.Has("InstanceMarketOptions")) return false;
        asked.Required("InstanceMarketOptions.MarketType");
        return asked.Text("InstanceMarketOptions.SpotOptions.SpotInstanceType") == "persistent"
            ? throw Refusal.NotSimulated("A persistent spot request replaces its instances")
            : true;
    }

    private static string? Profile(ActionCall call)
    {
        var profile = call.Parameters.Branch("IamInstanceProfile");
        var (name, arn) = (profile.Text("Name"), profile.Text("Arn"));
        if (name is not null && arn is not null)
            throw Refusal.Combination("The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'");
        var asked = name ?? arn?.Split('/')[^1];
        return asked is null || call.Region.Options.InstanceProfiles.Contains(asked, StringComparer.Ordinal) ? asked
            : throw Refusal.InvalidValue(name ?? arn ?? "", name is null ? "iamInstanceProfile.arn" : "iamInstanceProfile.name", "Invalid IAM Instance Profile");
    }

    private static MetadataSettings Metadata(QueryParameters asked)
    {
        var hops = asked.Integer("HttpPutResponseHopLimit") ?? 1;
        if (hops is < 1 or > 64)
            throw Refusal.InvalidValue(asked.Required("HttpPutResponseHopLimit"), "HttpPutResponseHopLimit", "Expecting a value from 1 to 64.");
        return new MetadataSettings
        {
            HttpTokens = asked.Text("HttpTokens") ?? "optional",
            HopLimit = hops,
            HttpEndpoint = asked.Text("HttpEndpoint") ?? "enabled",
            HttpProtocolIpv6 = asked.Text("HttpProtocolIpv6") ?? "disabled",
            InstanceTags = asked.Text("InstanceMetadataTags") ?? "disabled",
        };
    }

    private static Dictionary<string, Dictionary<string, string>> Tags(QueryParameters asked)
    {
        var tags = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var specification in asked.Branches("TagSpecification"))
        {
            var kind = specification.Required("ResourceType");
            if (kind is not ("instance" or "volume" or "network-interface" or "spot-instances-request"))
                throw Refusal.InvalidValue($"'{kind}' is not a valid taggable resource type for this operation.");
            if (!tags.TryAdd(kind, TagRules.Read(specification)))
                throw Refusal.InvalidValue($"Duplicate tag specification for the resource type '{kind}'.");
        }
        return tags;
    }

    private static string Fingerprint(QueryParameters asked)
    {
        var counted = asked.All.Where(p => p.Key is not ("ClientToken" or "DryRun")).OrderBy(p => p.Key, StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', counted.Select(p => $"{p.Key}={p.Value}")))));
    }
}
