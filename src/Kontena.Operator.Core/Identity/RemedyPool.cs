using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Identity;

/// <summary>A pool as the remedy sees it.</summary>
/// <param name="Holds">Nothing is made or removed in it (paused, being deleted, frozen).</param>
/// <param name="Revision">Of the nodes that it makes now.</param>
public sealed record RemedyPool(ConflictAction Action, bool Holds, string Revision)
{
    /// <summary>It has fewer nodes than it asks for: the one that was replaced has no successor yet.</summary>
    public bool Lacks { get; init; }

    /// <summary>It was said of its present revision that replacing does not help (<see cref="Remedy.IsGivenUp"/>); whoever said it may be gone.</summary>
    public bool WasGivenUp { get; init; }
}
