using System.Collections.Concurrent;
using System.Diagnostics;
using Amazon;
using Kontena.Operator.Core.Machines;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>Secrets never show: not in exceptions, not in our log at Trace, not in the AWS runtime's own log turned up to everything.</summary>
[NonParallelizable]
public sealed class CanaryTests
{
    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Launch_RefusedBrokenAndHtml_NoCanaryAnywhere()
    {
        await using var server = await ScriptedEc2.StartAsync(Ct);
        server.Then(400, ScriptedEc2.Error("InvalidParameterValue", "no")).Then(500, ScriptedEc2.Error("InternalError", "oops"))
            .Then(200, "<html>").Then(context => { context.Abort(); return Task.CompletedTask; });
        using var logs = new CapturedLogs();
        var launch = Launches.Full with { UserData = Canary.Bytes("user-data") };
        using var client = server.Client(secret: Canary.Of("secret-key"), token: Canary.Of("session-token"), logs: logs);
        for (var i = 0; i < 4; i++) await CollectAsync(logs, () => client.RunInstanceAsync(launch, Ct));
        logs.AddLine(launch.ToString());
        AssertClean(logs);
        Assert.That(server.Seen, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task AssumeRole_AnswerCutShort_NoCanaryAnywhere()
    {
        await using var server = await ScriptedEc2.StartAsync(Ct);
        server.Then(200, $"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>{Canary.Of("role-key")}</SecretAccessKey><SessionToken>{Canary.Of("role-token")}</SessionToken>");
        using var logs = new CapturedLogs();
        var credentials = new ProviderCredentials("uid/1", new Dictionary<string, string>
        {
            ["accessKeyID"] = "AKID",
            ["secretAccessKey"] = Canary.Of("secret-key"),
            ["sessionToken"] = Canary.Of("session-token"),
            ["roleARN"] = "arn:aws:iam::000000000000:role/r",
        });
        using var driver = server.Driver(credentials, logs);
        await CollectAsync(logs, () => driver.ListAsync("i", Ct));
        logs.AddLine(credentials.ToString());
        AssertClean(logs);
        Assert.That(logs.Lines, Has.Some.Contains("AssumeRole"));
    }

    private static async Task CollectAsync(CapturedLogs logs, Func<Task> callAsync)
    {
        var before = (AWSConfigs.LoggingConfig.LogTo, AWSConfigs.LoggingConfig.LogResponses, AWSConfigs.LoggingConfig.LogMetrics);
        using var listener = new Listener(logs);
        AWSConfigs.AddTraceListener("Amazon", listener);
        (AWSConfigs.LoggingConfig.LogTo, AWSConfigs.LoggingConfig.LogResponses, AWSConfigs.LoggingConfig.LogMetrics) = (LoggingOptions.SystemDiagnostics, ResponseLoggingOption.Always, true);
        try
        {
            await callAsync();
        }
        catch (DriverException e)
        {
            logs.AddLine(e.ToString());
            foreach (var key in e.Data.Keys) logs.AddLine($"{key}={e.Data[key]}");
        }
        finally
        {
            (AWSConfigs.LoggingConfig.LogTo, AWSConfigs.LoggingConfig.LogResponses, AWSConfigs.LoggingConfig.LogMetrics) = before;
            AWSConfigs.RemoveTraceListener("Amazon", listener.Name);
        }
    }

    private static void AssertClean(CapturedLogs logs)
    {
        Assert.That(logs.Lines, Is.Not.Empty);
        Assert.That(logs.Lines.SelectMany(Canary.In), Is.Empty);
    }

    private sealed class Listener(CapturedLogs logs) : TraceListener("canary")
    {
        public override void Write(string? message) => logs.AddLine(message ?? "");

        public override void WriteLine(string? message) => logs.AddLine(message ?? "");
    }

    private sealed class CapturedLogs : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> lines = new();

        public IReadOnlyCollection<string> Lines => lines;

        public void AddLine(string line) => lines.Enqueue(line);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            AddLine(formatter(state, exception) + exception);
    }
}
