using Kontena.EndToEnd.Operator;

namespace Kontena.EndToEnd.Restore;

/// <summary>An API server whose data can be copied and be put back: same UIDs, same versions, same address.</summary>
internal abstract class RewindableServer : IAsyncDisposable
{
    public abstract SceneEngine Engine { get; }

    public abstract string KubeconfigPath { get; }

    /// <summary>Keeps the data as it is now. Once.</summary>
    public abstract Task CopyAsync(CancellationToken ct);

    /// <summary>Everything that was written since the copy is gone.</summary>
    public abstract Task RewindAsync(CancellationToken ct);

    public abstract ValueTask DisposeAsync();

    protected static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories)) File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
