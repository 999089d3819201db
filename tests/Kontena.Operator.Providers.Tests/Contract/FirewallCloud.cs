using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Providers.Tests.Contract;

/// <summary>A provider's firewalls as the contract needs them: something real behind a socket, that can be looked into, changed by others and broken.</summary>
public abstract class FirewallCloud : IAsyncDisposable
{
    public abstract ProviderSettings Settings { get; }

    /// <summary>The network that machines of the settings are placed in.</summary>
    public abstract string Network { get; }

    /// <summary>An id of the right form that never existed.</summary>
    public abstract string UnknownId { get; }

    /// <summary>A driver that knows nothing yet, as after a restart of the operator. No decorator around it.</summary>
    public abstract IFirewallDriver Open();

    /// <summary>Every firewall that bears this name, seen without the driver.</summary>
    public abstract int CountNamed(string name);

    /// <summary>Who made each rule of a firewall, seen without the driver: in the provider's own words, in no order.</summary>
    public abstract IReadOnlyList<string> WordsOfRules(string id);

    /// <summary>A firewall that somebody else made; its id.</summary>
    public abstract string AddForeign(string name);

    /// <summary>A rule that somebody made by hand: TCP of one port from one IPv4 network, with these words.</summary>
    public abstract void AddRuleByHand(string id, int port, string network, string words);

    /// <summary>A running machine that carries the mark of this installation; its provider id.</summary>
    public abstract string AddMachine(string installation, params string[] firewalls);

    /// <summary>What is attached to a machine, seen without the driver.</summary>
    public abstract IReadOnlyList<string> Attached(string providerId);

    /// <summary>Ends a machine for good.</summary>
    public abstract void End(string providerId);

    /// <summary>Breaks every reading call about firewalls from the <paramref name="nth"/> on.</summary>
    public abstract void BreakReads(Breakage breakage, int nth);

    /// <summary>Carries out the next call that changes something, but loses its answer.</summary>
    public abstract void LoseNextAnswer();

    /// <summary>Calls that changed something, or tried to.</summary>
    public abstract int Writes { get; }

    /// <summary>Lets the driver's deadlines pass while <paramref name="call"/> hangs.</summary>
    public abstract Task PassDeadlineAsync(Task call, CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}
