using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Grids;

/// <summary>One thing to do for a Grid.</summary>
public abstract record GridAction
{
    private GridAction() { }

    /// <summary>Puts our finalizer on the Grid and has it remember these Secrets: before any of them is held.</summary>
    public sealed record Protect(IReadOnlyList<string> Remembered) : GridAction;

    /// <summary>Puts our finalizer on these Secrets.</summary>
    public sealed record HoldSecrets(IReadOnlyList<string> Names) : GridAction;

    /// <summary>Lets Secrets go that are named no more.</summary>
    public sealed record ReleaseSecrets(IReadOnlyList<string> Names) : GridAction;

    public sealed record SetTrustedSubnets(IReadOnlyList<string> Subnets) : GridAction;

    /// <summary>Takes the slot from a node that is gone, once an uncached look has confirmed that.</summary>
    public sealed record FreeSlot(GridSlot Slot) : GridAction;

    /// <summary>Lets the Grid and its Secrets go, once an uncached list has confirmed that no node is left.</summary>
    public sealed record LetGo(IReadOnlyList<string> Secrets) : GridAction;
}
