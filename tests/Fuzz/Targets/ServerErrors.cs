using Microsoft.Extensions.Logging;

namespace Kontena.Fuzz.Targets;

/// <summary>Keeps the last exception that a server logs: its answer names no more than the type.</summary>
internal sealed class ServerErrors : ILoggerFactory, ILogger
{
    public Exception? Last { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Last = exception ?? Last;

    public void Dispose()
    {
        // Nothing is held.
    }
}
