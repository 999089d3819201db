namespace Kontena.TestKit.Engines;

/// <summary>The processes of one server in the order in which they need each other; each can be stopped and started again as it was.</summary>
internal sealed class ServerGroup(string folder) : IAsyncDisposable
{
    private readonly List<Part> parts = [];

    public IReadOnlyList<int> Pids => [.. parts.Select(p => p.Process.Pid)];

    /// <summary>The first of them that has ended by itself.</summary>
    public LeashedProcess? Ended => parts.Select(p => p.Process).FirstOrDefault(p => p.HasExited);

    public void Launch(string binary, string[] arguments) => parts.Add(new Part(binary, arguments, LeashedProcess.Start(folder, binary, arguments)));

    /// <summary>Kills all from the <paramref name="first"/>th on, the last one first.</summary>
    /// <returns>How to start them again, in order.</returns>
    public async Task<IReadOnlyList<(string Binary, string[] Arguments)>> StopFromAsync(int first)
    {
        var stopped = parts[first..];
        parts.RemoveRange(first, stopped.Count);
        foreach (var part in Enumerable.Reverse(stopped)) await part.Process.DisposeAsync();
        return [.. stopped.Select(p => (p.Binary, p.Arguments))];
    }

    public string RecentLogs(int lines) => string.Join('\n', parts.Select(p => p.Process.RecentLog(lines)));

    public async ValueTask DisposeAsync() => await StopFromAsync(0);

    private sealed record Part(string Binary, string[] Arguments, LeashedProcess Process);
}
