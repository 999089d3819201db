using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Kontena.EndToEnd.Operator;

/// <summary>Keeps every line that an operator logs, whatever its level, with the exceptions' texts.</summary>
internal sealed class LogCapture : ILoggerFactory
{
    private readonly ConcurrentQueue<LogLine> lines = [];

    public IReadOnlyList<LogLine> Lines => [.. lines];

    /// <summary>What an operator shows unless it is told to show more.</summary>
    public IReadOnlyList<LogLine> Shown => [.. lines.Where(l => l.Level >= LogLevel.Information)];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Lines go nowhere else.");

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new LogLine(logLevel, category, formatter(state, exception) + (exception is null ? "" : $" {exception}")));
    }
}

internal sealed record LogLine(LogLevel Level, string Category, string Text)
{
    public override string ToString() => $"{Level} {Category}: {Text}";
}
