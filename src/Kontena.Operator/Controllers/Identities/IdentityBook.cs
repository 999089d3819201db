using System.Collections.Frozen;
using Kontena.Operator.Core.Identity;

namespace Kontena.Operator.Controllers.Identities;

/// <summary>What the last look at all ids found, kept in memory for those who write the statuses of nodes and pools.</summary>
internal sealed class IdentityBook
{
    private volatile IdentityPage page = IdentityPage.Empty;

    public IdentityPage Page => page;

    /// <returns>Null where the node was not looked at since the operator started.</returns>
    public IdStanding? OfNode(string uid) => page.Nodes.GetValueOrDefault(uid);

    /// <returns>Null where the pool was not looked at since the operator started.</returns>
    public IdStanding? OfPool(string uid) => page.Pools.GetValueOrDefault(uid);

    /// <returns>Why the node is to be replaced now; null where it is not.</returns>
    public string? Replaces(string uid) => page.Replace == uid ? page.Nodes.GetValueOrDefault(uid)?.Message : null;

    public void Publish(IdentityPage now) => page = now;
}

/// <summary>One look. Immutable.</summary>
/// <param name="Nodes">By UID.</param>
/// <param name="Pools">By UID.</param>
/// <param name="Replace">UID of the one node that is to be replaced now.</param>
internal sealed record IdentityPage(FrozenDictionary<string, IdStanding> Nodes, FrozenDictionary<string, IdStanding> Pools, string? Replace)
{
    public static IdentityPage Empty { get; } = new(FrozenDictionary<string, IdStanding>.Empty, FrozenDictionary<string, IdStanding>.Empty, null);
}
