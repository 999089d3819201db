using Kontena.Kubernetes.Client.Config;

namespace Kontena.Kubernetes.Client.Auth;

/// <summary>
/// Credentials from a plugin. One run at a time, whose outcome, good or bad, serves all who waited for it: twenty calls
/// refused at once start one process. Runs again a little before the credential expires and after a 401.
/// </summary>
internal sealed class ExecPlugin(ExecSettings settings, KubeAccess access, TimeProvider time) : ICredentialSource
{
    /// <summary>So that a credential does not expire on its way to the server.</summary>
    private static readonly TimeSpan RefreshAhead = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1, 1);
    private Fetched? current;
    private KubeFault? lastFailure;
    private int runs;

    public async ValueTask<Credential> GetAsync(CancellationToken ct) =>
        Volatile.Read(ref current) is { } held && IsFresh(held) ? held.Credential : await FetchAsync(refused: null, ct);

    public async ValueTask<Credential?> RefreshAsync(Credential refused, CancellationToken ct)
    {
        var fresh = await FetchAsync(refused, ct);
        return fresh.SaysTheSameAs(refused) ? null : fresh;
    }

    public void Dispose() => turn.Dispose();

    private async Task<Credential> FetchAsync(Credential? refused, CancellationToken ct)
    {
        var runsBefore = Volatile.Read(ref runs);
        await turn.WaitAsync(ct);
        try
        {
            if (current is { } held && !ReferenceEquals(held.Credential, refused) && IsFresh(held)) return held.Credential;
            if (runs != runsBefore && lastFailure is { } failure) throw new KubeFault(failure.Reason, failure.Message);
            return (await RunAsync(ct)).Credential;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Fetched> RunAsync(CancellationToken ct)
    {
        try
        {
            var output = await PluginProcess.RunAsync(settings, ExecCredential.Request(settings, access), time, ct);
            var (credential, expires) = ExecCredential.Parse(output, settings, current?.Credential.Certificate);
            var fetched = new Fetched(credential, RefreshAt(expires));
            lastFailure = null;
            Volatile.Write(ref current, fetched);
            return fetched;
        }
        catch (KubeFault fault)
        {
            lastFailure = fault;
            throw;
        }
        finally
        {
            runs = unchecked(runs + 1);
        }
    }

    // A plugin with a cache of its own may hand out what is about to expire: then it is used to its end instead of
    // asking the plugin before every call.
    private DateTimeOffset? RefreshAt(DateTimeOffset? expires) =>
        expires is { } at && at - RefreshAhead > time.GetUtcNow() ? at - RefreshAhead : expires;

    private bool IsFresh(Fetched held) => held.RefreshAt is not { } at || time.GetUtcNow() < at;

    private sealed record Fetched(Credential Credential, DateTimeOffset? RefreshAt);
}
