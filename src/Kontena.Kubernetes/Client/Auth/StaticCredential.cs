namespace Kontena.Kubernetes.Client.Auth;

/// <summary>A credential that was written into the configuration, or none at all. There is no other to try after a 401.</summary>
internal sealed class StaticCredential(Credential credential) : ICredentialSource
{
    public ValueTask<Credential> GetAsync(CancellationToken ct) => ValueTask.FromResult(credential);

    public ValueTask<Credential?> RefreshAsync(Credential refused, CancellationToken ct) => ValueTask.FromResult<Credential?>(null);

    public void Dispose() { }
}
