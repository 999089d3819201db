using System.Globalization;
using System.Text.Json;
using Kontena.Operator.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Kontena.Operator.Tests.Hosting;

public sealed class OperatorLogTests : IDisposable
{
    private readonly StringWriter output = new(CultureInfo.InvariantCulture);

    public void Dispose() => output.Dispose();

    [Test]
    public void Text_Scope_FollowsTheSentence()
    {
        using (var logs = Create(LogFormat.Text, LogLevel.Information))
        {
            var log = logs.CreateLogger("Kontena.Nodes");
            using (log.BeginScope(new Dictionary<string, object> { ["Pool"] = "default/web" }))
                log.LogInformation("Created {Machine} after {Attempts} attempts", "web-0", 2);
        }
        Assert.That(output.ToString(), Does.Match(@"\A\d\d:\d\d:\d\d INF Created web-0 after 2 attempts Pool=default/web\n\z"));
    }

    [Test]
    public void Text_ValueWithLineBreaksAndEscapes_StaysOneLine()
    {
        using (var logs = Create(LogFormat.Text, LogLevel.Information))
            logs.CreateLogger("Kontena").LogWarning("Refused: {Answer}", "no\n12:00:00 INF All is well\r\u001b[2J\u2028x\u202ey");
        Assert.That(output.ToString()[9..], Is.EqualTo("WRN Refused: no\\n12:00:00 INF All is well\\r\\u001b[2J\\u2028x\\u202ey\n"));
    }

    [Test]
    public void Text_WarningWithException_IsOneLineWithItsCauses()
    {
        using (var logs = Create(LogFormat.Text, LogLevel.Information))
            logs.CreateLogger("Kontena").LogWarning(Thrown(), "Listing failed");
        Assert.That(output.ToString()[9..], Is.EqualTo("WRN Listing failed [InvalidOperationException: outer\\nline <- IOException: reset by peer]\n"));
    }

    [Test]
    public void Text_Error_IndentsTheStack()
    {
        using (var logs = Create(LogFormat.Text, LogLevel.Information))
            logs.CreateLogger("Kontena").LogError(Thrown(), "Listing failed");
        var lines = output.ToString().TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.Length.GreaterThan(1));
        Assert.That(lines.Skip(1), Has.All.StartsWith("    at "));
    }

    [Test]
    public void Json_Event_IsOneObjectALine()
    {
        using (var logs = Create(LogFormat.Json, LogLevel.Information))
        {
            var log = logs.CreateLogger("Kontena.Nodes");
            using (log.BeginScope(new Dictionary<string, object> { ["message"] = "x" }))
                log.LogError(Thrown(), "Created {Machine} in {Zones} after {Attempts}, {Share}", "web\n0", new[] { "a", "b" }, 2, 0.5);
        }
        Assert.That(output.ToString().Count(c => c == '\n'), Is.EqualTo(1));
        using var json = JsonDocument.Parse(output.ToString());
        var root = json.RootElement;
        Assert.That(root.EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "time", "level", "logger", "message", "Attempts", "Machine", "Share", "Zones", "message_", "exception" }));
        Assert.That(root.GetProperty("time").GetString(), Does.Match(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z"));
        Assert.That(root.GetProperty("level").GetString(), Is.EqualTo("error"));
        Assert.That(root.GetProperty("logger").GetString(), Is.EqualTo("Kontena.Nodes"));
        Assert.That(root.GetProperty("message").GetString(), Is.EqualTo("Created web\n0 in [\"a\", \"b\"] after 2, 0.5"));
        Assert.That(root.GetProperty("Attempts").GetInt32(), Is.EqualTo(2));
        Assert.That(root.GetProperty("Zones")[1].GetString(), Is.EqualTo("b"));
        var fault = root.GetProperty("exception");
        Assert.That(fault.GetProperty("type").GetString(), Is.EqualTo("System.InvalidOperationException"));
        Assert.That(fault.GetProperty("stack").GetString(), Does.Contain(nameof(Thrown)));
        Assert.That(fault.GetProperty("cause").GetProperty("message").GetString(), Is.EqualTo("reset by peer"));
    }

    [Test]
    public void Json_OddValues_StayValid()
    {
        using (var logs = Create(LogFormat.Json, LogLevel.Information))
            logs.CreateLogger("Kontena").LogInformation("{A} {B} {C} {D}", double.NaN, null, TimeSpan.FromSeconds(90), new Dictionary<string, int> { ["x"] = 1 });
        using var json = JsonDocument.Parse(output.ToString());
        Assert.That(json.RootElement.GetProperty("A").GetString(), Is.EqualTo("NaN"));
        Assert.That(json.RootElement.GetProperty("B").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(json.RootElement.GetProperty("C").GetString(), Is.EqualTo("00:01:30"));
        Assert.That(json.RootElement.GetProperty("D").GetProperty("x").GetInt32(), Is.EqualTo(1));
    }

    [TestCase("Kontena.Nodes", LogLevel.Debug, LogLevel.Debug, true)]
    [TestCase("Kontena.Nodes", LogLevel.Information, LogLevel.Debug, false)]
    [TestCase("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Debug, LogLevel.Information, false)]
    [TestCase("System.Net.Http", LogLevel.Trace, LogLevel.Information, false)]
    [TestCase("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Debug, LogLevel.Warning, true)]
    [TestCase("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error, LogLevel.Warning, false)]
    [TestCase("Kontena.Nodes", LogLevel.None, LogLevel.Critical, false)]
    public void IsEnabled_CategoryAndLevel_FollowsTheRules(string category, LogLevel least, LogLevel asked, bool expected)
    {
        using var logs = Create(LogFormat.Text, least);
        var log = logs.CreateLogger(category);
        log.Log(asked, "said");
        Assert.That(log.IsEnabled(asked), Is.EqualTo(expected));
        Assert.That(output.ToString().Length > 0, Is.EqualTo(expected));
    }

    private ILoggerFactory Create(LogFormat format, LogLevel level) =>
        OperatorLog.Create(level, sinks => sinks.Sink(new WriterSink(OperatorLog.Formatter(format), output)));

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("outer\nline", new IOException("reset by peer"));
        }
        catch (InvalidOperationException fault)
        {
            return fault;
        }
    }

    private sealed class WriterSink(ITextFormatter formatter, TextWriter writer) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => formatter.Format(logEvent, writer);
    }
}
