using System.Net;

namespace Kontena.Operator.Core.Ports;

/// <summary>Whom a rule lets in.</summary>
public abstract record RuleSource
{
    private RuleSource() { }

    /// <summary>A network, IPv4 or IPv6, without bits set beyond its prefix.</summary>
    public sealed record Network(IPNetwork Addresses) : RuleSource
    {
        public override string ToString() => Addresses.ToString();
    }

    /// <summary>Every machine that has the same firewall: nodes come and go without a change of rules.</summary>
    public sealed record Members : RuleSource
    {
        public static readonly Members Instance = new();

        public override string ToString() => "members";
    }

    /// <summary>Something that we never ask for (another firewall, a list of prefixes), in the provider's words.</summary>
    public sealed record Other(string Name) : RuleSource
    {
        public override string ToString() => Name;
    }
}
