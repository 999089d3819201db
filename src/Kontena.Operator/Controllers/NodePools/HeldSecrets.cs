using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>
/// The Secrets that a pool keeps from vanishing, as it remembers them itself: written down before a Secret is held, so that whatever dies or
/// moves meanwhile, somebody knows which Secret to let go.
/// </summary>
internal static class HeldSecrets
{
    private const char Between = ',';

    public static IReadOnlyList<string> Of(NodePool pool) =>
        pool.Metadata.Annotations?.GetValueOrDefault(ApiGroup.HeldSecretsAnnotation)?.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Those that neither its spec nor one of its nodes or firewalls names.</summary>
    public static IReadOnlyList<string> NamedNoMore(NodePool pool, IEnumerable<KontenaNode> nodes)
    {
        if (Of(pool) is not { Count: > 0 } held) return [];
        var named = nodes.Select(n => n.Spec.Provider.Settings.CredentialsSecret).Concat(OfFirewalls(pool)).Append(pool.Spec.Provider.Settings.CredentialsSecret).ToHashSet(StringComparer.Ordinal);
        return [.. held.Where(h => !named.Contains(h))];
    }

    /// <summary>
    /// What a pool has to remember again that has nodes or firewalls and no finalizer: <c>kubectl replace</c> puts the manifest in the place of the whole object, and
    /// what the operator had added goes with it. Null where the pool is held.
    /// </summary>
    public static IReadOnlyList<string>? OfLostHold(NodePool pool, IReadOnlyCollection<KontenaNode> nodes) =>
        (nodes.Count == 0 && pool.Status?.Firewalls is not { Count: > 0 }) || pool.Metadata.Finalizers?.Contains(ApiGroup.PoolFinalizer) == true
            ? null
            : [.. nodes.Select(n => n.Spec.Provider.Settings.CredentialsSecret).Concat(OfFirewalls(pool)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Those with the credentials that remove the pool's firewalls at the end.</summary>
    public static IEnumerable<string?> OfFirewalls(NodePool pool) => (pool.Status?.Firewalls ?? []).Select(f => f.CredentialsSecret);

    /// <summary>
    /// True where the pool's credentials moved to another Secret since its last node was made: its firewalls are made and changed with the new one from
    /// now on, which nobody would keep for their end.
    /// </summary>
    public static bool LacksCurrent(NodePool pool) =>
        pool is { Metadata.IsBeingDeleted: false, Status.Firewalls.Count: > 0 }
        && pool.Metadata.Finalizers?.Contains(ApiGroup.PoolFinalizer) == true
        && WithCurrent(pool).Count > Of(pool).Count;

    /// <summary>All that are remembered, and the one of the spec.</summary>
    public static IReadOnlyList<string> WithCurrent(NodePool pool) =>
        pool.Spec.Provider.Settings.CredentialsSecret is { } current && Of(pool) is var held && !held.Contains(current) ? [.. held, current] : Of(pool);

    /// <returns>Null, which takes the annotation off, for none.</returns>
    public static string? Text(IEnumerable<string> names) => string.Join(Between, names) is { Length: > 0 } text ? text : null;
}
