using System.Collections.Concurrent;
using System.Text;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Grids;

/// <summary>Reads the Secrets that Grids name, each at most once in a short while. By name: the operator has no right to list Secrets.</summary>
internal sealed class GridSecrets(IKubeApi api, Pace pace, TimeProvider time)
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> entries = [];

    /// <summary>The names of the Secrets of a Grid, each once.</summary>
    public static IReadOnlyList<string> NamedBy(GridSpec spec) =>
        [.. new[] { spec.Master.TokenRef.Name, spec.Master.CaRef?.Name }.OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Those of its spec, and those with the credentials that remove its firewalls at the end.</summary>
    public static IReadOnlyList<string> NamedBy(Grid grid) =>
        [.. NamedBy(grid.Spec).Concat((grid.Status?.Firewalls ?? []).Select(f => f.CredentialsSecret).OfType<string>()).Distinct(StringComparer.Ordinal)];

    /// <summary>The access token of a Grid.</summary>
    /// <exception cref="MasterException">With <see cref="GridReasons.TokenMissing"/> or <see cref="GridReasons.SecretUnreadable"/>.</exception>
    public async Task<(SecretText Token, bool Held)> TokenAsync(ObjectKey grid, TokenRef reference, CancellationToken ct)
    {
        var key = new ObjectKey(grid.Namespace, reference.Name);
        var secret = await GetAsync(key, ct) ?? throw Missing(MasterFault.BadToken, GridReasons.TokenMissing,
            $"Secret {key} with the access token does not exist. Create it: kubectl create secret generic {key.Name} -n {key.Namespace} --from-literal={reference.Key}=\"$(kontena master token create --expires-in 0 --token)\"");
        var text = TextIn(secret, reference.Key)?.Trim();
        // What is no visible character can be in no header; the error of the HTTP stack would quote it.
        if (text is not { Length: > 0 } || text.Any(c => c is <= ' ' or > '~'))
            throw Missing(MasterFault.BadToken, GridReasons.TokenMissing, $"Secret {key} has no access token under the key {reference.Key}. Write it there, or correct spec.master.tokenRef.");
        return (new SecretText(text), IsHeld(secret));
    }

    /// <summary>The certificate authority of a Grid, as PEM.</summary>
    /// <exception cref="MasterException">With <see cref="GridReasons.CaMissing"/> or <see cref="GridReasons.SecretUnreadable"/>.</exception>
    public async Task<(string Pem, bool Held)> CaAsync(ObjectKey grid, CertificateRef reference, CancellationToken ct)
    {
        var key = new ObjectKey(grid.Namespace, reference.Name);
        var secret = await GetAsync(key, ct) ?? throw Missing(MasterFault.Untrusted, GridReasons.CaMissing,
            $"Secret {key} with the Master's certificate authority does not exist. Create it: kubectl create secret generic {key.Name} -n {key.Namespace} --from-file={reference.Key}=ca.pem");
        return Pem.CertificatesIn(TextIn(secret, reference.Key)) is { } pem
            ? (pem, IsHeld(secret))
            : throw Missing(MasterFault.Untrusted, GridReasons.CaMissing, $"Secret {key} has no PEM certificate under the key {reference.Key}. Write it there, or correct spec.master.caRef.");
    }

    /// <summary>It was just written: the next look is a new one.</summary>
    public void Forget(ObjectKey key) => entries.TryRemove(key, out _);

    private async Task<Secret?> GetAsync(ObjectKey key, CancellationToken ct)
    {
        if (entries.TryGetValue(key, out var entry) && time.GetElapsedTime(entry.ReadAt) < pace.SecretsFresh) return entry.Secret;
        try
        {
            var secret = await api.FindAsync(CoreKinds.Secret, key, ct);
            entries[key] = new Entry(secret, time.GetTimestamp());
            return secret;
        }
        catch (KubeFault fault)
        {
            throw new MasterException(MasterFault.Unavailable, $"Secret {key} could not be read: {fault.Message}", fault) { Reason = GridReasons.SecretUnreadable };
        }
    }

    private static bool IsHeld(Secret secret) => secret.Metadata.Finalizers?.Contains(ApiGroup.GridInUseFinalizer) == true;

    private static string? TextIn(Secret secret, string key) => secret.Data?.GetValueOrDefault(key) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static MasterException Missing(MasterFault fault, string reason, string message) => new(fault, message) { Reason = reason };

    private sealed record Entry(Secret? Secret, long ReadAt);
}
