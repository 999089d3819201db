using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Tests.Walks;

/// <summary>An error in the operator's log is a bug of the operator: what goes wrong in the world is a warning.</summary>
internal sealed class ErrorLogs(World world) : ILoggerFactory, ILogger
{
    private static readonly string[] OrphanReports = ["GivenUp", "UnprovenTwin", "CopiedMarks", "FutureAttempt", "UnknownNode"];

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.Warning && state is IReadOnlyList<KeyValuePair<string, object?>> values && OrphanReports.Contains(values[0].Value as string ?? ""))
            world.Reported.UnionWith(world.Cloud.Living.Select(m => m.ProviderId).Where(id => formatter(state, exception).Contains(id, StringComparison.Ordinal)));
        if (logLevel >= LogLevel.Error) world.Violate($"{formatter(state, exception)} {exception}");
        else if (logLevel > LogLevel.Debug) world.Story?.Add($"      log: {formatter(state, exception)}");
    }

    public void Dispose()
    {
        // Nothing is open.
    }
}
