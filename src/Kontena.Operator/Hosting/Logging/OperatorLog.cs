using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Configuration;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;

namespace Kontena.Operator.Hosting.Logging;

/// <summary>The program's log: Serilog behind Microsoft.Extensions.Logging, set up by code alone.</summary>
public static class OperatorLog
{
    /// <summary>
    /// Writes to standard error (standard output belongs to what commands print). Categories Microsoft.* and System.* begin at
    /// Warning whatever <paramref name="level"/> is. Disposing the factory flushes.
    /// </summary>
    public static ILoggerFactory Create(LogFormat format, LogLevel level) =>
        Create(level, sinks => sinks.Console(Formatter(format), standardErrorFromLevel: LevelAlias.Minimum));

    internal static ILoggerFactory Create(LogLevel level, Action<LoggerSinkConfiguration> writeTo)
    {
        var least = Least(level);
        var quieter = least > LogEventLevel.Warning ? least : LogEventLevel.Warning;
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(least)
            .MinimumLevel.Override("Microsoft", quieter)
            .MinimumLevel.Override("System", quieter);
        writeTo(configuration.WriteTo);
        return new SerilogLoggerFactory(configuration.CreateLogger(), dispose: true);
    }

    internal static ITextFormatter Formatter(LogFormat format) => format switch
    {
        LogFormat.Text => new TextLogFormatter(),
        LogFormat.Json => new JsonLogFormatter(),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "unknown log format"),
    };

    private static LogEventLevel Least(LogLevel level) => level switch
    {
        LogLevel.Trace => LogEventLevel.Verbose,
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Information => LogEventLevel.Information,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        LogLevel.Critical => LogEventLevel.Fatal,
        LogLevel.None => LevelAlias.Off,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "unknown log level"),
    };
}
