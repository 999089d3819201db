using Kontena.Standalone.Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kontena.Standalone.Hosting;

/// <summary>Every request comes in here: who is it, which part answers, and what becomes of a failure.</summary>
internal sealed class ApiHandler(
    AccessToken token, ObjectStore store, CurrentCatalog catalog, DocumentHandler documents, ResourceHandler resources,
    TimeProvider time, ILogger<ApiHandler> log, CancellationToken stopping)
{
    // kube-apiserver's --request-timeout; a watch has its own time.
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(60);

    public async Task HandleAsync(HttpContext context)
    {
        using var deadline = new CancellationTokenSource(RequestLimit, time);
        // Watches end with the server; other requests are let finish.
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token);
        try
        {
            await RouteAsync(context, leaving.Token, limited.Token);
        }
        catch (StatusException fault)
        {
            await FailAsync(context, fault);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (OperationCanceledException) when (limited.IsCancellationRequested)
        {
            await FailAsync(context, Fault.RequestTimeout());
        }
        catch (BadHttpRequestException e)
        {
            await FailAsync(context, Fault.BadRequest(e.Message));
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The boundary of the server: a bug in one request must not be silence for its client.
            log.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path.Value);
            await FailAsync(context, Fault.Internal($"{e.GetType().Name} (see the log of the server)"));
        }
    }

    private async Task RouteAsync(HttpContext context, CancellationToken unlimited, CancellationToken ct)
    {
        var segments = (context.Request.Path.Value ?? "").Trim('/').Split('/');
        if (segments is ["healthz" or "livez" or "readyz", ..])
        {
            await (store.Healthy ? Answers.TextAsync(context.Response, 200, "ok", ct) : Answers.TextAsync(context.Response, 500, "the store has failed; restart the server", ct));
            return;
        }
        // As in Kubernetes, the version is for everyone; all else is for whoever holds the token.
        if (segments is not ["version"] && !token.Permits(context.Request.Headers.Authorization)) throw Fault.Unauthorized();
        if (AccessReviews.Serves(segments)) await AccessReviews.HandleAsync(context, segments[3], ct);
        else if (await documents.TryHandleAsync(context, segments, ct)) return;
        else if (segments is ["api" or "apis", _, ..] && RequestTarget.Parse(segments, catalog.Value) is { } target)
            await resources.HandleAsync(context, target, ResourceHandler.IsWatch(context.Request) ? unlimited : ct);
        else if (segments is ["api", ..] || (segments is ["apis", var group, ..] && Resources.BuiltInResources.All.Any(r => r.Group == group))) throw Fault.NoSuchPath();
        else await Answers.NotFoundAsync(context.Response, ct);
    }

    private static Task FailAsync(HttpContext context, StatusException fault)
    {
        // Once the head is out nothing can be said any more: cutting the connection is the honest end.
        if (!context.Response.HasStarted) return Answers.FaultAsync(context.Response, fault, context.RequestAborted);
        context.Abort();
        return Task.CompletedTask;
    }
}
