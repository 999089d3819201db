using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>The sentences that say what a firewall lacks.</summary>
internal static class Words
{
    private const int Shown = 3;

    /// <param name="isThere">What the account has too many of are rules, not firewalls.</param>
    public static Freeze Refused(Refusal refused, bool isThere) => new(refused.Fault == DriverFault.QuotaReached && isThere ? PortsReasons.TooManyRules : Reasons.Of(refused.Fault), refused.Message);

    public static Freeze Opening(Firewall firewall, IReadOnlyList<PortRule> rules) => new("RulesMissing", $"In {firewall.Id} these are closed and are being opened: {List(rules)}.");

    public static Freeze Closing(Firewall firewall, IReadOnlyList<PortRule> rules) => new("RulesLeft", $"In {firewall.Id} these are open, are no longer asked for and are being closed: {List(rules)}.");

    public static Freeze StillThere(Firewall firewall, Refusal refused) => refused.Fault == DriverFault.InUse
        ? new Freeze("FirewallInUse", $"Firewall {firewall.Id} cannot be removed while something uses it: a machine that has not quite ended, a machine that was given up, or a machine or a rule that is not ours. End what uses it. The provider says: {refused.Message}")
        : new Freeze(Reasons.Of(refused.Fault), $"Firewall {firewall.Id} cannot be removed: {refused.Message}");

    /// <summary>The first few, and how many more.</summary>
    public static string List(IReadOnlyList<PortRule> rules) =>
        string.Join(", ", rules.Take(Shown)) + (rules.Count > Shown ? $" and {rules.Count - Shown} more" : "");
}
