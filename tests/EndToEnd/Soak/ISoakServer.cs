namespace Kontena.EndToEnd.Soak;

/// <summary>An API server that a soak has to itself.</summary>
internal interface ISoakServer : IAsyncDisposable
{
    string KubeconfigPath { get; }

    int Port { get; }

    /// <summary>Ends it hard and starts it again on the same data, at the same port.</summary>
    Task RestartAsync(CancellationToken ct);
}
