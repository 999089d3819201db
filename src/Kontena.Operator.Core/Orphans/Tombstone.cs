using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Orphans;

/// <summary>
/// What stays of a node that went while a machine of it may still come, or still lives: enough to recognise that machine and, where its
/// kind allows, to remove it. Immutable; holds no secret.
/// </summary>
public sealed record Tombstone
{
    /// <summary>
    /// How long a late machine is removed without asking anybody. A provider promises its own delay (minutes), and the finalizer has waited
    /// for that already: this is for the promise that is broken (a provider that works off its backlog after a long outage) and for an
    /// operator that was down overnight meanwhile. It ends, because it is a licence to terminate: what turns up days later is for a
    /// human to look at.
    /// </summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(24);

    public required TombstoneKind Kind { get; init; }

    /// <summary>Installation whose mark the machine carries: a tombstone that was copied to another cluster means nothing there.</summary>
    public required string Installation { get; init; }

    /// <summary>Node UID in the machine's marks.</summary>
    public required string NodeUid { get; init; }

    public required string NodeName { get; init; }

    /// <summary>Where the node was, and so the Secret with its credentials.</summary>
    public required string Namespace { get; init; }

    public required string PoolUid { get; init; }

    public required string PoolName { get; init; }

    /// <summary>Number of the attempt that the machine would be of.</summary>
    public required int Attempt { get; init; }

    /// <summary>Idempotency token of that attempt.</summary>
    public required string Token { get; init; }

    /// <summary>The node's snapshot: where to look, and which Secret opens it.</summary>
    public required ProviderSpec Provider { get; init; }

    /// <summary>Provider id of the one machine that this is about; null where none was ever seen.</summary>
    public string? Machine { get; init; }

    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>Nothing is removed because of it from then on.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>True while it may lead to a removal.</summary>
    public bool Removes(DateTimeOffset now) => Kind is TombstoneKind.Late or TombstoneKind.Twin && now < Until;
}
