using System.Net;
using System.Net.Sockets;
using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Ec2.Inventory;

namespace Kontena.Simulator.Ec2.Flows;

/// <summary>
/// Writes down what becomes of the flows of a pattern. They are judged within the account's lock at every change of a rule, an attachment, a tag, an
/// address or an instance's state, so that no moment between two calls is missed. Disposing ends it; what it saw stays.
/// </summary>
public sealed class FlowWatch : IDisposable
{
    private readonly Account account;
    private readonly Dictionary<(string From, string To), List<FlowChange>> flows = [];

    internal FlowWatch(Account account, FlowPattern pattern)
    {
        if (pattern.To.Outside is not null) throw new ArgumentException("The target of a watched flow must be instances.", nameof(pattern));
        (this.account, Pattern) = (account, pattern);
    }

    public FlowPattern Pattern { get; }

    /// <summary>Every flow that was ever between two instances of the pattern, by source and target.</summary>
    public IReadOnlyList<Flow> Flows => account.Look(_ => flows.OrderBy(f => f.Key.From, StringComparer.Ordinal).ThenBy(f => f.Key.To, StringComparer.Ordinal)
        .Select(f => new Flow(f.Key.From, f.Key.To, Pattern.Packet, [.. f.Value])).ToList());

    /// <summary>The flows that were refused although both ends ran and they had been open before.</summary>
    public IReadOnlyList<Flow> RefusedOnceOpen => [.. Flows.Where(flow => flow.RefusedOnceOpen.Count > 0)];

    public void Dispose() => account.Look(_ => account.Flows.Remove(this));

    /// <summary>Judges the flows that begin or end at one of the instances. Within the account's lock.</summary>
    internal void Judge(IReadOnlyCollection<Instance> touched, AddressBook addresses, DateTimeOffset at)
    {
        foreach (var instance in touched)
        {
            JudgeTarget(instance, addresses, at);
            if (Pattern.From.Outside is null) JudgeSource(instance, addresses, at);
        }
    }

    private void JudgeTarget(Instance to, AddressBook addresses, DateTimeOffset at)
    {
        if (!Pattern.To.Matches(to)) End(key => key.To == to.Id, at);
        else if (Pattern.From.Outside is { } outside) Note((outside.ToString(), to.Id), FromOutside(outside, to, at), at);
        else foreach (var from in addresses.All) JudgePair(from, to, at);
    }

    private void JudgeSource(Instance from, AddressBook addresses, DateTimeOffset at)
    {
        if (!Pattern.From.Matches(from)) End(key => key.From == from.Id, at);
        else foreach (var to in addresses.All) JudgePair(from, to, at);
    }

    private void JudgePair(Instance from, Instance to, DateTimeOffset at)
    {
        if (from == to || !Pattern.From.Matches(from) || !Pattern.To.Matches(to)) return;
        Note((from.Id, to.Id), Route.Between(from, to, at) is { } route ? Of(route.Opens(Pattern.Packet)) : FlowState.Down, at);
    }

    /// <summary>IPv6 asks the groups alone: simulated instances have no such address.</summary>
    private FlowState FromOutside(IPAddress outside, Instance to, DateTimeOffset at)
    {
        var reachable = Route.Runs(to, at) && (to.PublicAddress is not null || outside.AddressFamily == AddressFamily.InterNetworkV6);
        return reachable ? Of(Firewall.Admits(to.Groups, RuleDirection.Inbound, Pattern.Packet, outside, [])) : FlowState.Down;
    }

    private void End(Func<(string From, string To), bool> concerned, DateTimeOffset at)
    {
        foreach (var key in flows.Keys.Where(concerned).ToList()) Note(key, FlowState.Down, at);
    }

    private void Note((string From, string To) key, FlowState state, DateTimeOffset at)
    {
        if (!flows.TryGetValue(key, out var history)) flows.Add(key, history = []);
        if (history.Count == 0 || history[^1].To != state) history.Add(new(state, at));
    }

    private static FlowState Of(bool open) => open ? FlowState.Open : FlowState.Refused;
}
