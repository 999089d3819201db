using Kontena.Simulator.Machines;
using Kontena.Simulator.Machines.Docker;

namespace Kontena.Simulator.Overlay;

/// <summary>The process in a machine's container <c>weave</c>: what it was launched with and which peers it was told. What comes of it <see cref="OverlayFabric"/> works out when somebody asks.</summary>
internal sealed class WeaveRouter(RouterFacts facts, Journal journal, DateTimeOffset readyAt, OverlayFabric fabric) : IContainer
{
    private sealed record Orders(IReadOnlyList<string> Peers, long Revision);

    private volatile Orders orders = new([], 0);

    public RouterFacts Facts => facts;

    public Journal Journal => journal;

    /// <summary>Until then it starts.</summary>
    public DateTimeOffset ReadyAt => readyAt;

    /// <summary>The addresses of the latest <c>weave connect --replace</c>.</summary>
    public IReadOnlyList<string> Peers => orders.Peers;

    /// <summary>Rises with every change of <see cref="Peers"/>.</summary>
    public long Revision => orders.Revision;

    /// <summary>Touched only while the fabric reckons.</summary>
    public RouterMemo? Memo { get; set; }

    public void Stop() => fabric.Down(this);

    public void Kill() => fabric.Down(this);

    public void Connect(IReadOnlyList<string> peers)
    {
        if (peers.SequenceEqual(orders.Peers)) return;
        orders = new(peers, orders.Revision + 1);
        fabric.Changed();
    }

    public override string ToString() => $"{facts} of {facts.InstanceId}";
}
