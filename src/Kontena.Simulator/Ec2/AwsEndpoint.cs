using Kontena.Simulator.Calls;
using Kontena.Simulator.Ec2.Query;
using Kontena.Simulator.Ec2.Signing;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Kontena.Simulator.Ec2;

/// <summary>HTTP around <see cref="AwsApi"/>: reads the request, plays the faults of the wire, writes the answer, keeps the ledger.</summary>
internal sealed class AwsEndpoint(Ec2Cloud cloud, AwsApi api, Ids ids, TimeProvider time, ILogger log)
{
    public async Task HandleAsync(HttpContext http, CancellationToken ct)
    {
        var requestId = ids.Request();
        if (await RequestBody.ReadAsync(http.Request, ct) is not { } body)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        AwsCall call;
        try
        {
            call = new AwsCall(Signed(http, body), QueryForm.Read(body), requestId);
        }
        catch (ApiException refusal)
        {
            await WriteAsync(http, new(refusal.Status, refusal.Code, AwsApi.RefusalDocument(refusal, isSts: false, requestId)), requestId, ct);
            return;
        }
        await CarryOutAsync(http, call, ct);
    }

    private async Task CarryOutAsync(HttpContext http, AwsCall call, CancellationToken ct)
    {
        var struck = cloud.Faults.StrikeRequest(call.Subject(cloud.ZoneOf));
        if (!await WireFaults.HoldAsync(struck, time, ct))
        {
            Record(call, struck, 0, null);
            http.Abort();
            return;
        }
        var answer = api.Answer(call, struck);
        Record(call, struck, answer.Status, answer.Code);
        if (struck.Has(FaultKind.LostAnswer))
        {
            http.Abort();
            return;
        }
        if (answer.Status == 200 && struck.Has(FaultKind.HalfPage))
            answer = answer with { Body = answer.Body[..(answer.Body.Length / 2)] };
        await WriteAsync(http, answer, call.RequestId, ct);
    }

    private void Record(AwsCall call, IReadOnlyList<FaultEntry> struck, int status, string? code)
    {
        cloud.Calls.Add(new CallRecord(time.GetUtcNow(), call.Cloud, call.Action, call.Region, call.RequestId, call.AccessKeyId, call.Shown,
            status, code, [.. struck.Select(f => f.Id)]));
        log.LogDebug("{Cloud} {Action} in {Region} answered {Status} {Code}", call.Cloud, call.Action, call.Region, status, code);
    }

    private static async Task WriteAsync(HttpContext http, AwsAnswer answer, string requestId, CancellationToken ct)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "text/xml;charset=UTF-8";
        http.Response.ContentLength = answer.Body.Length;
        http.Response.Headers["x-amzn-requestid"] = requestId;
        await http.Response.Body.WriteAsync(answer.Body, ct);
    }

    private static SignedRequest Signed(HttpContext http, byte[] body)
    {
        // The path and query as they came: the signature is over what was sent, not over what it decodes to.
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var headers = http.Request.Headers.SelectMany(h => h.Value.Select(value => KeyValuePair.Create(h.Key, value ?? "")));
        return new SignedRequest(http.Request.Method, target[0], target.Length == 2 ? target[1] : "", [.. headers], body);
    }
}
