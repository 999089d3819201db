using Kontena.Operator.Core.Ipsec;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>What a node sees of the firewalls around its machine.</summary>
public sealed record WaysInSeen
{
    /// <summary>Why no attempt may open yet: a machine is made with its firewalls, or strangers may reach it and members may not. Null where one may.</summary>
    public Freeze? Hold { get; init; }

    /// <summary>True where waiting does not end <see cref="Hold"/>.</summary>
    public bool HoldNeedsHuman { get; init; }

    /// <summary>What the rules that were read back let in; null before they were looked at since the operator started, and while there is no machine.</summary>
    public PortsVerdict? Ports { get; init; }

    /// <summary>What they and the grid mean for the overlay's encryption; null without a grid, and as above.</summary>
    public IpsecVerdict? Ipsec { get; init; }

    /// <summary>The operator keeps the rules itself: what is closed now is about to be opened.</summary>
    public bool IsManaged { get; init; } = true;
}
