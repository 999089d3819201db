namespace Kontena.Kubernetes.Client.Auth;

/// <summary>
/// A small file that something else rewrites (the kubelet, cert-manager). Read again at most every <paramref name="every"/>;
/// its content is compared, not its time, because a mounted volume swaps a symbolic link whose own time never changes.
/// </summary>
internal sealed class RotatingFile(string path, TimeSpan every, TimeProvider time)
{
    private readonly Lock gate = new();
    private string? content;
    private long readAt;

    public string Path => path;

    /// <summary>The content now; the last good one where the file cannot be read any more (a rotation replaces files in steps).</summary>
    /// <param name="now">Read even if the last reading is young.</param>
    /// <exception cref="IOException">It never could be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It never could be read.</exception>
    public string Read(bool now = false)
    {
        lock (gate)
        {
            if (content is not null && !now && time.GetElapsedTime(readAt) < every) return content;
            try
            {
                var text = File.ReadAllText(path);
                if (text.Length > 0 || content is null) content = text;
            }
            catch (Exception e) when (content is not null && e is IOException or UnauthorizedAccessException)
            {
                // The last good content serves until the next try.
            }
            readAt = time.GetTimestamp();
            return content!; // set by the first reading, which throws where it fails
        }
    }
}
