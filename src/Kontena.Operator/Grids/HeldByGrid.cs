using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Grids;

/// <summary>
/// The Secrets that a Grid keeps from vanishing, as it remembers them itself: written down before a Secret is held, so that whatever dies or moves
/// meanwhile, somebody knows which Secret to let go.
/// </summary>
internal static class HeldByGrid
{
    private const char Between = ',';

    public static IReadOnlyList<string> Of(Grid grid) =>
        grid.Metadata.Annotations?.GetValueOrDefault(ApiGroup.HeldSecretsAnnotation)?.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <returns>Null, which takes the annotation off, for none.</returns>
    public static string? Text(IEnumerable<string> names) => string.Join(Between, names) is { Length: > 0 } text ? text : null;

    /// <summary>The Grid itself is held, and would let go every Secret of its spec.</summary>
    public static bool IsComplete(Grid grid) =>
        grid.Metadata.Finalizers?.Contains(ApiGroup.GridFinalizer) == true && !GridSecrets.NamedBy(grid.Spec).Except(Of(grid), StringComparer.Ordinal).Any();
}
