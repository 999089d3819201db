using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ports;

/// <summary>A pool or Grid: what users want of it, and what an API server keeps of it when the operator dies.</summary>
internal sealed class FirewallOwnerModel(string name, string uid)
{
    public FirewallMarks Marks { get; } = new("inst-1", FirewallOwner.Pool, uid);

    public string Name => name;

    public List<FirewallPlace> Places { get; set; } = [];

    /// <summary>Every policy that it ever had, and since when.</summary>
    public List<(DateTimeOffset Since, IReadOnlyList<PortRule> Want)> Policies { get; } = [];

    public long Generation { get; set; } = 1;

    public bool Paused { get; set; }

    public bool Leaving { get; set; }

    public IReadOnlyList<FirewallRef> Records { get; set; } = [];

    /// <summary>What the operator knows in its memory alone.</summary>
    public FirewallTrace Trace { get; set; } = FirewallTrace.None;

    public FirewallPlan? Plan { get; set; }

    public Freeze? Held => Paused && !Leaving ? new Freeze("Paused", "The pool is paused.") : null;
}
