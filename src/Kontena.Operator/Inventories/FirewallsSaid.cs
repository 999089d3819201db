using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Inventories;

/// <summary>What is known of an account's firewalls since the operator started. Immutable: a reader has one consistent picture.</summary>
internal sealed record FirewallsSaid
{
    /// <summary>Null before the first complete listing.</summary>
    public FirewallSights? Last { get; init; }

    /// <summary>Why the provider did not answer the last time; null where it did, or was not asked yet.</summary>
    public Freeze? Trouble { get; init; }

    public bool NeedsHuman { get; init; }

    /// <summary>Identity of the credentials of the last listing; empty before the first.</summary>
    public string Credentials { get; init; } = "";

    /// <summary>What its firewalls can do; null where it was not asked yet, or has none.</summary>
    public FirewallPromises? Promises { get; init; }

    /// <summary>The provider was reached and has no firewalls: nothing keeps a packet out.</summary>
    public bool HasNone { get; init; }
}
