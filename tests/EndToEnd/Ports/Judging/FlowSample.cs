using System.Net;

namespace Kontena.EndToEnd.Ports.Judging;

/// <summary>One flow into a machine.</summary>
/// <param name="From">Null: a machine that has the same group.</param>
internal sealed record FlowSample(int Protocol, int Port, IPAddress? From)
{
    public bool In(IEnumerable<FlowRule> rules) => rules.Any(r => r.Admits(this));

    public override string ToString() => $"protocol {Protocol} port {Port} from {From?.ToString() ?? "a member"}";
}
