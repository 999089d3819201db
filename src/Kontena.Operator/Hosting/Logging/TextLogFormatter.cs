using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace Kontena.Operator.Hosting.Logging;

/// <summary>
/// <c>HH:mm:ss INF Message Name=value [IOException: reset by peer]</c>, one line an event. From Error on the stack follows,
/// indented, so that no line of it can pass for an event of its own.
/// </summary>
internal sealed class TextLogFormatter : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        output.Write($" {Level(logEvent.Level)} {PlainText.OneLine(LogMessage.Of(logEvent))}");
        foreach (var (name, value) in LogMessage.Context(logEvent))
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            LogMessage.Write(value, null, text);
            output.Write($" {PlainText.OneLine(name)}={PlainText.OneLine(text.ToString())}");
        }
        if (logEvent.Exception is { } fault)
        {
            output.Write($" [{PlainText.OneLine(Chain(fault))}]");
            if (logEvent.Level >= LogEventLevel.Error) WriteStack(fault, output);
        }
        output.Write('\n');
    }

    private static string Chain(Exception fault)
    {
        var one = $"{fault.GetType().Name}: {fault.Message}";
        return fault.InnerException is { } cause ? $"{one} <- {Chain(cause)}" : one;
    }

    private static void WriteStack(Exception fault, TextWriter output)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
            foreach (var frame in (cause.StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                output.Write($"\n    {PlainText.OneLine(frame)}");
    }

    private static string Level(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "TRC",
        LogEventLevel.Debug => "DBG",
        LogEventLevel.Information => "INF",
        LogEventLevel.Warning => "WRN",
        LogEventLevel.Error => "ERR",
        LogEventLevel.Fatal => "CRT",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "unknown level"),
    };
}
