namespace Kontena.Operator.Core.Grids;

/// <summary>
/// One grid at a Kontena Master (REST API of 1.4 and 1.5). Every method may be repeated; all throw <see cref="MasterException"/>. Answers carry
/// the grid's token: nothing of a body may reach a log, an Event, a status or an exception.
/// </summary>
public interface IKontenaMaster
{
    /// <summary>Version and clock of the Master (<c>GET /</c>, no token needed).</summary>
    Task<MasterVersion> ReadVersionAsync(CancellationToken ct);

    Task<MasterGrid> ReadGridAsync(CancellationToken ct);

    /// <summary>Every node of the grid, in one answer.</summary>
    Task<MasterListing> ListNodesAsync(CancellationToken ct);

    /// <returns>Null where the Master says that the grid has no such node.</returns>
    Task<MasterNode?> FindNodeAsync(string name, CancellationToken ct);

    /// <exception cref="MasterException">Refused with the field <c>name</c> where the name is taken: by us, when an answer was lost, or by another.</exception>
    Task<MasterNode> CreateNodeAsync(NewMasterNode node, CancellationToken ct);

    /// <returns>The node's token; null where there is no such node, or it has none.</returns>
    Task<SecretText?> ReadNodeTokenAsync(string name, CancellationToken ct);

    /// <summary>No new services come to the node, and those it has move away. Success where it drains already.</summary>
    /// <returns>False where there is no such node.</returns>
    Task<bool> DrainNodeAsync(string name, CancellationToken ct);

    /// <summary>Puts these labels in the place of all that the node has: the Master knows no other way.</summary>
    /// <returns>False where there is no such node.</returns>
    Task<bool> SetLabelsAsync(string name, IReadOnlyList<string> labels, CancellationToken ct);

    /// <summary>Success where it is gone already. An agent that still runs is told to go (4040).</summary>
    Task DeleteNodeAsync(string name, CancellationToken ct);

    /// <summary>Asks the node's agent, through the Master; up to 10 s.</summary>
    /// <returns>Null where there is no such node.</returns>
    Task<NodeHealth?> CheckHealthAsync(string name, CancellationToken ct);

    /// <summary>Containers of services per node name; nodes without any are left out.</summary>
    Task<IReadOnlyDictionary<string, int>> CountContainersAsync(CancellationToken ct);

    Task SetTrustedSubnetsAsync(IReadOnlyList<string> subnets, CancellationToken ct);
}

/// <summary>What a Master says of itself.</summary>
/// <param name="Version">E.g. 1.5.4.</param>
/// <param name="Clock">The Master's clock when it answered (the <c>Date</c> header, whole seconds); null where a proxy took it off.</param>
/// <param name="AskedAt">Our clock when the call left.</param>
/// <param name="AnsweredAt">Our clock when the answer came.</param>
public sealed record MasterVersion(string Version, DateTimeOffset? Clock, DateTimeOffset AskedAt, DateTimeOffset AnsweredAt);
