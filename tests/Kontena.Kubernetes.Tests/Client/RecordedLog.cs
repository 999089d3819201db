using System.Collections.Concurrent;
using Kontena.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Tests.Client;

/// <summary>Every line that was logged, of any level, with its exception.</summary>
internal sealed class RecordedLog : ILogger<KubeClient>
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((logLevel, formatter(state, exception) + exception));
}
