namespace Kontena.Kubernetes.Client.Auth;

/// <summary>
/// A token in a file. Tokens of service accounts live for an hour and the kubelet replaces them at 80 % of that, so a
/// minute between readings is early enough; a 401 reads at once.
/// </summary>
internal sealed class TokenFile(string path, TimeProvider time) : ICredentialSource
{
    private static readonly TimeSpan BetweenReadings = TimeSpan.FromMinutes(1);

    private readonly RotatingFile file = new(path, BetweenReadings, time);
    private readonly Lock gate = new();
    private Credential? current;

    public ValueTask<Credential> GetAsync(CancellationToken ct) => ValueTask.FromResult(Read(now: false));

    public ValueTask<Credential?> RefreshAsync(Credential refused, CancellationToken ct)
    {
        lock (gate)
        {
            if (current is { } held && !ReferenceEquals(held, refused)) return ValueTask.FromResult<Credential?>(held);
        }
        var fresh = Read(now: true);
        return ValueTask.FromResult(ReferenceEquals(fresh, refused) ? null : fresh);
    }

    public void Dispose() { }

    private Credential Read(bool now)
    {
        string text;
        try
        {
            text = file.Read(now).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeFault(FaultReason.Unauthorized, $"The token file {path} cannot be read ({e.GetType().Name})");
        }
        if (!Credential.IsToken(text)) throw new KubeFault(FaultReason.Unauthorized, $"The token file {path} holds no token");
        lock (gate)
            return current is { } held && held.Token == text ? held : current = new Credential(text, null);
    }
}
