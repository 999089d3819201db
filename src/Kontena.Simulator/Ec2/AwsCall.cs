using Kontena.Simulator.Ec2.Signing;
using Kontena.Simulator.Faults;

namespace Kontena.Simulator.Ec2;

/// <summary>One request as it came in, before anything about it is believed.</summary>
internal sealed record AwsCall(SignedRequest Signed, IReadOnlyDictionary<string, string> Form, string RequestId)
{
    private AuthorizationHeader? Claimed { get; } = Signed.Header("Authorization") is { } header ? AuthorizationHeader.Parse(header) : null;

    public string Action => Form.GetValueOrDefault("Action") ?? "";

    public string Version => Form.GetValueOrDefault("Version") ?? "";

    /// <summary>The service that the signature names; for an unsigned call the one that its version belongs to.</summary>
    public bool IsSts => Claimed is { } claimed ? claimed.Scope.Service == "sts" : Version == Sts.StsApi.Version;

    public string Cloud => IsSts ? "sts" : "ec2";

    /// <summary>The region of the signature: on loopback there is no host name to tell it.</summary>
    public string? Region => Claimed?.Scope.Region;

    public string? AccessKeyId => Claimed?.AccessKeyId;

    public FaultSubject Subject(Func<string?, string?> zoneOfSubnet)
    {
        var subnet = Form.GetValueOrDefault("SubnetId") ?? Form.GetValueOrDefault("NetworkInterface.1.SubnetId");
        var zone = Form.GetValueOrDefault("Placement.AvailabilityZone") ?? zoneOfSubnet(subnet);
        return new FaultSubject(Cloud, Action, zone, Form.GetValueOrDefault("InstanceType"));
    }

    /// <summary>What may be shown of the parameters: all but the user-data, which is secret.</summary>
    public IReadOnlyDictionary<string, string> Shown => Form.Where(p => p.Key is not ("Action" or "Version" or "UserData" or "ExternalId"))
        .ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
}

/// <summary>What goes back.</summary>
/// <param name="Code">The error's code; null on success.</param>
internal sealed record AwsAnswer(int Status, string? Code, byte[] Body);
