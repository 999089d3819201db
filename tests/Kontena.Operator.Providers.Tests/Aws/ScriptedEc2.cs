using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws;
using Kontena.Operator.Providers.Aws.Ec2;
using Kontena.Operator.Providers.Aws.Ec2.Wire;
using Kontena.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>An endpoint that answers what a test wrote down, for the odd answers that a good simulator never gives.</summary>
internal sealed class ScriptedEc2 : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Queue<Func<HttpContext, SeenRequest, Task>> answers = new();
    private readonly ConcurrentQueue<SeenRequest> seen = new();

    private ScriptedEc2(WebApplication app) => this.app = app;

    public IReadOnlyCollection<SeenRequest> Seen => seen;

    public string Address => app.Urls.Single();

    public ManualTime Time { get; } = new();

    public static async Task<ScriptedEc2> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new ScriptedEc2(app);
        app.Map("/{**path}", server.AnswerAsync);
        await app.StartAsync(ct);
        return server;
    }

    public ScriptedEc2 Then(int status, string body, string type = "text/xml") => Then(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    });

    public ScriptedEc2 Then(Func<HttpContext, Task> answer) => Then((context, _) => answer(context));

    public ScriptedEc2 Then(Func<HttpContext, SeenRequest, Task> answer)
    {
        answers.Enqueue(answer);
        return this;
    }

    public Ec2Client Client(string accessKey = "AKID", string secret = Canary.Stem + "-secret-key", string? token = null, ILoggerFactory? logs = null)
    {
        var keys = token is null ? new Amazon.Runtime.BasicAWSCredentials(accessKey, secret) : (Amazon.Runtime.AWSCredentials)new Amazon.Runtime.SessionAWSCredentials(accessKey, secret, token);
        return new Ec2Client(Ec2Transport.Open(keys, "eu-west-1", Address), "eu-west-1", TimeSpan.FromSeconds(30), Time, (logs ?? NullLoggerFactory.Instance).CreateLogger<Ec2Client>());
    }

    public AwsSettings Settings => new() { Region = "eu-west-1", InstanceTypes = ["t3.small"], Endpoint = Address };

    public AwsDriver Driver(ProviderCredentials credentials, ILoggerFactory logs) => AwsDriver.Open(Settings, credentials, new DriverEnvironment(Time, logs, Requests.Installation));

    public static string Error(string code, string message) =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code><Message>{WebUtility.HtmlEncode(message)}</Message></Error></Errors><RequestID>request-1</RequestID></Response>";

    public static string Instances(string? nextToken, params string[] ids) =>
        "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r</requestId><reservationSet>"
        + string.Concat(ids.Select(id => $"<item><instancesSet><item><instanceId>{id}</instanceId></item></instancesSet></item>"))
        + $"</reservationSet>{(nextToken is null ? "" : $"<nextToken>{nextToken}</nextToken>")}</DescribeInstancesResponse>";

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var request = new SeenRequest(context.Request.Method, context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body);
        seen.Enqueue(request);
        Func<HttpContext, SeenRequest, Task> answer;
        lock (answers) answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
        await answer(context, request);
    }
}

/// <summary>A request as it arrived.</summary>
internal sealed record SeenRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public IReadOnlyDictionary<string, string> Form =>
        Body.Split('&').Select(pair => pair.Split('=')).ToDictionary(p => WebUtility.UrlDecode(p[0]), p => WebUtility.UrlDecode(p[1]));
}
