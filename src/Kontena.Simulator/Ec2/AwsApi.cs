using System.Collections.Frozen;
using Kontena.Simulator.Ec2.Actions;
using Kontena.Simulator.Ec2.Query;
using Kontena.Simulator.Ec2.Signing;
using Kontena.Simulator.Ec2.Sts;
using Kontena.Simulator.Ec2.Throttling;
using Kontena.Simulator.Faults;

namespace Kontena.Simulator.Ec2;

/// <summary>From a call to its answer: signature, faults that refuse, throttle, parameters, action. Nothing here waits.</summary>
internal sealed class AwsApi(Ec2Cloud cloud, Keyring keys, TimeProvider time)
{
    public const string Version = "2016-11-15";
    private static readonly FrozenDictionary<string, Ec2Action> Actions = Ec2Action.All.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);
    private readonly SignatureCheck signatures = new(keys, time);
    private readonly Throttle throttle = new(time);
    private readonly StsApi sts = new(cloud.Options, keys, time);

    public AwsAnswer Answer(AwsCall call, IReadOnlyList<FaultEntry> struck)
    {
        try
        {
            var signed = Verify(call);
            foreach (var fault in struck) Refuse(fault.Fault, call.IsSts);
            if (call.Action.Length == 0) throw Refusal.MissingAction();
            var body = call.IsSts ? sts.Answer(call.Action, call.Form, signed.AccessKeyId, call.RequestId) : AnswerEc2(call, signed.Scope.Region);
            return new(200, null, body);
        }
        catch (ApiException refusal)
        {
            return new(refusal.Status, refusal.Code, RefusalDocument(refusal, call.IsSts, call.RequestId));
        }
    }

    public static byte[] RefusalDocument(ApiException refusal, bool isSts, string requestId) => isSts ? StsApi.Refusal(refusal, requestId)
        : AnswerXml.Document("Response", null, xml =>
        {
            xml.Element("Errors", () => xml.Element("Error", () =>
            {
                xml.Text("Code", refusal.Code);
                xml.Text("Message", refusal.Message);
            }));
            xml.Text("RequestID", requestId);
        });

    private byte[] AnswerEc2(AwsCall call, string regionName)
    {
        // A signature for a region that the account has not is as good as none.
        var region = cloud.FindRegion(regionName) ?? throw Refusal.AuthFailure();
        if (call.Version != Version)
            throw new ApiException(400, "NoSuchVersion", $"The requested version ({call.Version}) of service ec2 does not exist");
        if (!Actions.TryGetValue(call.Action, out var action)) throw Refusal.InvalidAction(call.Action);
        var parameters = QueryParameters.Accept(call.Form, action.Parameters);
        if (cloud.Options.Throttling && !throttle.Admits(regionName, action.Name, action.Mutates, parameters)) throw Refusal.Throttled();
        return region.Look(now => AnswerXml.Answer(action.Name, call.RequestId, xml => action.Answer(new(parameters, region, now), xml)));
    }

    private SignatureVerdict.Valid Verify(AwsCall call) => signatures.Check(call.Signed) switch
    {
        SignatureVerdict.Valid valid when valid.Scope.Service is "ec2" or "sts" => valid,
        SignatureVerdict.Valid => throw Refusal.AuthFailure(),
        SignatureVerdict.Missing => throw Refusal.MissingToken(),
        SignatureVerdict.Incomplete incomplete => throw Refusal.IncompleteSignature(incomplete.Why),
        SignatureVerdict.UnknownKey => throw (call.IsSts
            ? new ApiException(403, "InvalidClientTokenId", "The security token included in the request is invalid.") : Refusal.AuthFailure()),
        SignatureVerdict.Mismatch mismatch => throw (call.IsSts
            ? new ApiException(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided: " + mismatch.Why)
            : Refusal.AuthFailure()),
        SignatureVerdict.Expired => throw (call.IsSts
            ? new ApiException(403, "ExpiredToken", "The security token included in the request is expired") : Refusal.RequestExpired()),
        var unknown => throw new InvalidOperationException($"Signature verdict {unknown.GetType().Name} has no answer."),
    };

    private static void Refuse(Fault fault, bool isSts)
    {
        switch (fault.Kind)
        {
            case FaultKind.AuthFailure:
                throw isSts ? new ApiException(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
                    : Refusal.AuthFailure();
            case FaultKind.Unauthorized:
                throw isSts ? new ApiException(403, "AccessDenied", "Access denied") : Refusal.Unauthorized();
            case FaultKind.Throttle:
                throw isSts ? new ApiException(400, "Throttling", "Rate exceeded") : Refusal.Throttled();
            case FaultKind.ServerError:
                var code = fault.Code ?? "InternalError";
                throw new ApiException(code is "Unavailable" or "ServiceUnavailable" ? 503 : 500, code, "An internal error has occurred");
            case FaultKind.Slow or FaultKind.Hang or FaultKind.Cut or FaultKind.LostAnswer or FaultKind.HalfPage:
                return;
            default:
                throw new InvalidOperationException($"Fault {fault.Kind} does not strike a request.");
        }
    }
}
