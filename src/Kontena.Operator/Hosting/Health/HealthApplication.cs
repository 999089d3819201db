using System.Text;
using Kontena.Operator.Hosting.Metrics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kontena.Operator.Hosting.Health;

/// <summary>The three paths, straight on the server: no host, no routing, no settings read from the environment.</summary>
internal sealed class HealthApplication(ReadinessProbe readiness, PrometheusRegistry metrics) : IHttpApplication<HttpContext>
{
    private const string Plain = "text/plain; charset=utf-8";

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception) { }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var answer = await AnswerAsync(context.Request, context.RequestAborted);
        var body = Encoding.UTF8.GetBytes(answer.Body);
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (answer.Status == StatusCodes.Status405MethodNotAllowed) response.Headers.Allow = "GET, HEAD";
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private async Task<Answer> AnswerAsync(HttpRequest request, CancellationToken ct)
    {
        var path = request.Path.Value;
        if (path is not ("/healthz" or "/readyz" or "/metrics")) return new Answer(StatusCodes.Status404NotFound, Plain, "not found\n");
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return new Answer(StatusCodes.Status405MethodNotAllowed, Plain, "only GET and HEAD\n");
        return path switch
        {
            // Requests run on the thread pool like everything else here: where it no longer turns, nothing answers.
            "/healthz" => new Answer(StatusCodes.Status200OK, Plain, "ok\n"),
            "/readyz" => await ReadyAsync(request.Query.ContainsKey("verbose"), ct),
            _ => new Answer(StatusCodes.Status200OK, PrometheusRegistry.ContentType, metrics.Scrape()),
        };
    }

    private async Task<Answer> ReadyAsync(bool verbose, CancellationToken ct)
    {
        var (ready, lines) = await readiness.RunAsync(ct);
        if (ready && !verbose) return new Answer(StatusCodes.Status200OK, Plain, "ok\n");
        var verdict = ready ? "readyz check passed" : "readyz check failed";
        var body = string.Concat(lines.Append(verdict).Select(line => line + "\n"));
        return new Answer(ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, Plain, body);
    }

    private sealed record Answer(int Status, string ContentType, string Body);
}
