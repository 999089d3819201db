using System.Collections.Concurrent;
using System.Text;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Credentials;

/// <summary>
/// Reads credentials Secrets, each at most once in a short while however many nodes use it. Not an informer: the operator should
/// not hold every Secret of a cluster in memory, nor need the right to list them.
/// </summary>
internal sealed class CredentialSecrets(IKubeApi api, Pace pace, TimeProvider time)
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> entries = [];

    /// <exception cref="DriverException">NotAllowed where the Secret does not exist; Unavailable where nobody knows.</exception>
    public async Task<ProviderCredentials> GetAsync(string ns, string? secretName, CancellationToken ct)
    {
        if (secretName is null) return ProviderCredentials.Ambient;
        var key = new ObjectKey(ns, secretName);
        if (entries.TryGetValue(key, out var entry) && time.GetElapsedTime(entry.ReadAt) < pace.SecretsFresh) return entry.Credentials ?? throw Missing(key);
        var credentials = await ReadAsync(key, ct);
        entries[key] = new Entry(credentials, time.GetTimestamp());
        return credentials ?? throw Missing(key);
    }

    private async Task<ProviderCredentials?> ReadAsync(ObjectKey key, CancellationToken ct)
    {
        try
        {
            if (await api.FindAsync(CoreKinds.Secret, key, ct) is not { } secret) return null;
            var data = (secret.Data ?? new Dictionary<string, byte[]>()).ToDictionary(d => d.Key, d => Encoding.UTF8.GetString(d.Value), StringComparer.Ordinal);
            return new ProviderCredentials($"{secret.Metadata.Uid}/{secret.Metadata.ResourceVersion}", data);
        }
        catch (KubeFault fault)
        {
            throw new DriverException(DriverFault.Unavailable, $"Secret {key} could not be read: {fault.Message}", fault) { Code = "SecretUnreadable" };
        }
    }

    private DriverException Missing(ObjectKey key) =>
        new(DriverFault.NotAllowed, $"Secret {key} with the provider's credentials does not exist. Create it, or correct credentialsRef.") { Code = "CredentialsMissing", RetryAfter = pace.LookAgain };

    private sealed record Entry(ProviderCredentials? Credentials, long ReadAt);
}
