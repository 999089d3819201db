namespace Kontena.Operator.Core.Ports;

/// <summary>The ownership marks that a firewall carries from its create call on.</summary>
/// <param name="Installation">Random id of this operator's installation.</param>
/// <param name="Owner">What owns it.</param>
/// <param name="OwnerUid">UID of the NodePool or Grid.</param>
public sealed record FirewallMarks(string Installation, FirewallOwner Owner, string OwnerUid);

/// <summary>What a firewall belongs to.</summary>
public enum FirewallOwner
{
    /// <summary>A NodePool: the firewall opens the pool's own ports.</summary>
    Pool,

    /// <summary>A Grid: members of the grid reach each other through it.</summary>
    Grid,
}
