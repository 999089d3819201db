namespace Kontena.Kubernetes.Client.Auth;

/// <summary>A client certificate for a proxy in front and a token for the API server, say: what each source gives, together.</summary>
internal sealed class CombinedCredentials(IReadOnlyList<ICredentialSource> sources) : ICredentialSource
{
    private readonly Lock gate = new();
    private Credential? current;

    public async ValueTask<Credential> GetAsync(CancellationToken ct)
    {
        var parts = new Credential[sources.Count];
        for (var i = 0; i < parts.Length; i++) parts[i] = await sources[i].GetAsync(ct);
        return Combine(parts);
    }

    public async ValueTask<Credential?> RefreshAsync(Credential refused, CancellationToken ct)
    {
        var parts = new Credential[sources.Count];
        var other = false;
        for (var i = 0; i < parts.Length; i++)
        {
            // Every source is asked, because nobody knows which part the server refused.
            var fresh = await sources[i].RefreshAsync(refused.Parts[i], ct);
            other |= fresh is not null;
            parts[i] = fresh ?? refused.Parts[i];
        }
        return other ? Combine(parts) : null;
    }

    public void Dispose()
    {
        foreach (var source in sources) source.Dispose();
    }

    private Credential Combine(Credential[] parts)
    {
        lock (gate)
        {
            if (current is { } held && held.Parts.SequenceEqual(parts)) return held;
            return current = new Credential(
                parts.Select(p => p.Token).FirstOrDefault(t => t is not null),
                parts.Select(p => p.Certificate).FirstOrDefault(c => c is not null),
                parts);
        }
    }
}
