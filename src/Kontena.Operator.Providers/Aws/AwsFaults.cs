using System.Collections.Frozen;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml;
using Amazon.Runtime;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws.Ec2;

namespace Kontena.Operator.Providers.Aws;

/// <summary>
/// The one table from AWS's error codes to faults
/// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html).
/// </summary>
internal static partial class AwsFaults
{
    private const string InstanceNotFound = "InvalidInstanceID.NotFound";
    private const string GroupNotFound = "InvalidGroup.NotFound";
    private const string GroupIdNotFound = "InvalidSecurityGroupID.NotFound";
    private const string TooManyRules = "RulesPerSecurityGroupLimitExceeded";

    /// <summary>Key of <see cref="Exception.Data"/> with AWS's id of the refused request, for AWS support.</summary>
    public const string RequestId = "RequestId";

    private const int LongestMessage = 400;

    private static readonly FrozenDictionary<string, DriverFault> codes = new Dictionary<string, DriverFault>(StringComparer.Ordinal)
    {
        ["RequestLimitExceeded"] = DriverFault.Throttled,
        ["EC2ThrottledException"] = DriverFault.Throttled,
        ["Throttling"] = DriverFault.Throttled,
        ["ThrottlingException"] = DriverFault.Throttled,
        ["ThrottledException"] = DriverFault.Throttled,
        ["RequestThrottled"] = DriverFault.Throttled,
        ["RequestThrottledException"] = DriverFault.Throttled,
        ["TooManyRequestsException"] = DriverFault.Throttled,
        ["BandwidthLimitExceeded"] = DriverFault.Throttled,
        ["PriorRequestNotComplete"] = DriverFault.Throttled,
        ["SlowDown"] = DriverFault.Throttled,

        // 500 or 400 by the day, but always definite: nothing was started.
        ["InsufficientInstanceCapacity"] = DriverFault.NoCapacity,
        ["InsufficientHostCapacity"] = DriverFault.NoCapacity,
        ["InsufficientReservedInstanceCapacity"] = DriverFault.NoCapacity,
        ["InsufficientCapacity"] = DriverFault.NoCapacity,
        ["InsufficientCapacityOnHost"] = DriverFault.NoCapacity,
        ["InsufficientAddressCapacity"] = DriverFault.NoCapacity,
        ["InsufficientFreeAddressesInSubnet"] = DriverFault.NoCapacity,
        ["SpotMaxPriceTooLow"] = DriverFault.NoCapacity,
        // The zone does not offer the type: another offering may do.
        ["Unsupported"] = DriverFault.NoCapacity,

        ["InstanceLimitExceeded"] = DriverFault.QuotaReached,
        ["VcpuLimitExceeded"] = DriverFault.QuotaReached,
        ["VolumeLimitExceeded"] = DriverFault.QuotaReached,
        ["MaxIOPSLimitExceeded"] = DriverFault.QuotaReached,
        ["MaxSpotInstanceCountExceeded"] = DriverFault.QuotaReached,
        ["NetworkInterfaceLimitExceeded"] = DriverFault.QuotaReached,
        ["AddressLimitExceeded"] = DriverFault.QuotaReached,
        [TooManyRules] = DriverFault.QuotaReached,
        ["SecurityGroupLimitExceeded"] = DriverFault.QuotaReached,
        ["SecurityGroupsPerInterfaceLimitExceeded"] = DriverFault.QuotaReached,
        ["SecurityGroupsPerInstanceLimitExceeded"] = DriverFault.QuotaReached,

        ["AuthFailure"] = DriverFault.NotAllowed,
        ["UnauthorizedOperation"] = DriverFault.NotAllowed,
        ["AccessDenied"] = DriverFault.NotAllowed,
        ["AccessDeniedException"] = DriverFault.NotAllowed,
        ["ExpiredToken"] = DriverFault.NotAllowed,
        ["ExpiredTokenException"] = DriverFault.NotAllowed,
        ["InvalidClientTokenId"] = DriverFault.NotAllowed,
        ["UnrecognizedClientException"] = DriverFault.NotAllowed,
        ["SignatureDoesNotMatch"] = DriverFault.NotAllowed,
        ["IncompleteSignature"] = DriverFault.NotAllowed,
        ["MissingAuthenticationToken"] = DriverFault.NotAllowed,
        ["InvalidToken"] = DriverFault.NotAllowed,
        // The clocks differ: only a human can mend that. The runtime corrects skew as part of its retries, which are off.
        ["RequestExpired"] = DriverFault.NotAllowed,
        ["RequestTimeTooSkewed"] = DriverFault.NotAllowed,
        ["NotAuthorized"] = DriverFault.NotAllowed,
        ["OptInRequired"] = DriverFault.NotAllowed,
        ["PendingVerification"] = DriverFault.NotAllowed,
        ["Blocked"] = DriverFault.NotAllowed,
        ["AccountDisabled"] = DriverFault.NotAllowed,

        ["OperationNotPermitted"] = DriverFault.BadSettings,

        ["DependencyViolation"] = DriverFault.InUse,
        ["InvalidGroup.InUse"] = DriverFault.InUse,

        ["IdempotentParameterMismatch"] = DriverFault.TokenMismatch,
        ["IdempotentInstanceTerminated"] = DriverFault.TokenSpent,

        ["InternalError"] = DriverFault.Unavailable,
        ["InternalFailure"] = DriverFault.Unavailable,
        ["ServiceUnavailable"] = DriverFault.Unavailable,
        ["Unavailable"] = DriverFault.Unavailable,
        ["RequestTimeout"] = DriverFault.Unavailable,
        ["RequestTimeoutException"] = DriverFault.Unavailable,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> advice = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["OperationNotPermitted"] = "Termination protection is probably on: switch it off at the instance (disableApiTermination).",
        ["OptInRequired"] = "Subscribe the account to the image or opt it in to the region.",
        ["PendingVerification"] = "AWS is still verifying the account for this region; wait, or write to AWS support.",
        ["ExpiredToken"] = "Renew the session token in the credentials Secret.",
        ["RequestExpired"] = "Check the clock of the host that the operator runs on.",
        ["RequestTimeTooSkewed"] = "Check the clock of the host that the operator runs on.",
        ["InvalidAMIID.NotFound"] = "Check spec.provider.aws.image: an image id belongs to one region.",
        ["InvalidKeyPair.NotFound"] = "Check spec.provider.aws.keyName, or import the key pair in this region.",
        ["InvalidSubnetID.NotFound"] = "Check spec.provider.aws.subnets.",
        [GroupNotFound] = "Check spec.provider.aws.securityGroupIds.",
        [GroupIdNotFound] = "Check spec.provider.aws.securityGroupIds.",
        ["SecurityGroupLimitExceeded"] = "Raise the account's quota of security groups per region, or delete some.",
        ["SecurityGroupsPerInterfaceLimitExceeded"] =
            "Raise the account's quota of security groups per network interface, or list fewer in spec.provider.aws.securityGroupIds: the operator attaches up to two of its own.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Whether EC2 was asked about an instance and knows of none. Only as the refusal that EC2 documents (HTTP 4xx, so definite):
    /// the same word in the answer of a server that is failing is no absence.
    /// </summary>
    public static bool SaysNotFound(DriverException e) => e is { Code: InstanceNotFound, Fault: DriverFault.BadSettings };

    /// <summary>The same of a security group.</summary>
    public static bool SaysGroupNotFound(DriverException e) => e is { Code: GroupNotFound or GroupIdNotFound, Fault: DriverFault.BadSettings };

    /// <summary>A rule that was to be opened is there; nothing of the call was done.</summary>
    public static bool SaysRuleExists(DriverException e) => e is { Code: "InvalidPermission.Duplicate", Fault: DriverFault.BadSettings };

    /// <summary>A rule that was to be closed is not there; nothing of the call was done.</summary>
    public static bool SaysRuleIsGone(DriverException e) => e is { Code: "InvalidPermission.NotFound", Fault: DriverFault.BadSettings };

    public static bool SaysTooManyRules(DriverException e) => e.Code == TooManyRules;

    /// <summary>What the world can do to a call; anything else is a bug and passes.</summary>
    public static bool IsOfTheWorld(Exception e) => e is
        AmazonServiceException or AmazonClientException or HttpRequestException or IOException or WebException
        or OperationCanceledException or TimeoutException or XmlException or FormatException;

    /// <summary>What a code and a status mean. An unknown refusal (4xx) is definite; an unknown 5xx is not.</summary>
    public static DriverFault Of(string? code, int status)
    {
        if (code is not null && codes.TryGetValue(code, out var fault)) return fault;
        return status switch
        {
            429 => DriverFault.Throttled,
            401 or 403 => DriverFault.NotAllowed,
            >= 400 and < 500 when code is not null && status != (int)HttpStatusCode.RequestTimeout => DriverFault.BadSettings,
            // Without a code it was not EC2 that answered, or not in its words.
            _ => DriverFault.Unavailable,
        };
    }

    /// <param name="mayHaveArrived">False where the request surely never left.</param>
    public static DriverException From(Ec2Call call, Exception e, bool mayHaveArrived) => e switch
    {
        AmazonUnmarshallingException => Cut(call, mayHaveArrived, "the answer is not a whole EC2 document"),
        AmazonServiceException { ErrorCode: { Length: > 0 } code } refused => Refused(call, refused, code, mayHaveArrived),
        AmazonServiceException { StatusCode: > 0 } strange => Strange(call, strange, mayHaveArrived),
        AmazonClientException when !mayHaveArrived => NoCredentials(call, e),
        XmlException => Cut(call, mayHaveArrived, "the answer is not a whole XML document"),
        FormatException => Cut(call, mayHaveArrived, e.Message),
        _ => Cut(call, mayHaveArrived, Innermost(e)),
    };

    /// <summary>The deadline passed.</summary>
    public static DriverException NoAnswer(Ec2Call call, TimeSpan deadline, bool mayHaveArrived) =>
        new(DriverFault.Unavailable, $"{call}: no answer within {deadline.TotalSeconds:0.#} s.") { OutcomeUnknown = call.Mutates && mayHaveArrived };

    /// <summary>AWS's own sentence: one line, bounded, without the encoded part that only the account's administrator can decode.</summary>
    internal static string Clean(string? message)
    {
        var text = EncodedAuthorization().Replace(message ?? "", "");
        text = Blanks().Replace(text, " ").Trim();
        return text.Length <= LongestMessage ? text : string.Concat(text.AsSpan(0, LongestMessage), "…");
    }

    // The runtime's exceptions are not passed on as inner ones: some carry the whole answer, which may be anything.
    private static DriverException Refused(Ec2Call call, AmazonServiceException e, string code, bool mayHaveArrived)
    {
        var fault = Of(code, (int)e.StatusCode);
        var refusal = new DriverException(fault, Sentence($"{call}: {code}: {Clean(e.Message)}") + (advice.TryGetValue(code, out var todo) ? $" {todo}" : ""))
        {
            Code = code,
            OutcomeUnknown = call.Mutates && mayHaveArrived && fault == DriverFault.Unavailable && (int)e.StatusCode is not (>= 400 and < 500),
        };
        // Not in the message: the same fault must read the same each time, or every try rewrites a condition.
        if (!string.IsNullOrEmpty(e.RequestId)) refusal.Data[RequestId] = e.RequestId;
        return refusal;
    }

    private static DriverException Strange(Ec2Call call, AmazonServiceException e, bool mayHaveArrived)
    {
        var fault = Of(null, (int)e.StatusCode);
        return new DriverException(fault, $"{call}: HTTP {(int)e.StatusCode} without an EC2 error document; is there a proxy, or another service at this endpoint?")
        {
            Code = $"HTTP{(int)e.StatusCode}",
            OutcomeUnknown = call.Mutates && mayHaveArrived && fault == DriverFault.Unavailable,
        };
    }

    private static DriverException NoCredentials(Ec2Call call, Exception e) => new(DriverFault.NotAllowed,
        $"{call}: no usable credentials ({Innermost(e)}). Set spec.provider.aws.credentialsRef, or give the operator an instance role, web identity, profile or environment.");

    private static DriverException Cut(Ec2Call call, bool mayHaveArrived, string what) =>
        new(DriverFault.Unavailable, Sentence($"{call}: {what}")) { OutcomeUnknown = call.Mutates && mayHaveArrived };

    private static string Innermost(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return Clean(e.Message).TrimEnd('.');
    }

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    [GeneratedRegex(@"\s*Encoded authorization failure message:\s*\S+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EncodedAuthorization();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
