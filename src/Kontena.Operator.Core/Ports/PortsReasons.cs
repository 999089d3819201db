namespace Kontena.Operator.Core.Ports;

/// <summary>The reasons of a node's and a pool's condition about ways in, besides those of a provider's refusals.</summary>
public static class PortsReasons
{
    public const string RulesOpen = "RulesOpen";

    public const string RulesMissing = "RulesMissing";

    /// <summary>Ways in are closed because the machine lacks a firewall of ours.</summary>
    public const string NotAttached = "NotAttached";

    /// <summary>The rules have not been read from the provider.</summary>
    public const string NotRead = "NotRead";

    /// <summary>A rule names something that the operator cannot look into, such as another's firewall: members may be in it.</summary>
    public const string NotJudged = "NotJudged";

    /// <summary>No firewall of the machine lets everything out.</summary>
    public const string EgressClosed = "EgressClosed";

    /// <summary>The provider takes no more rules.</summary>
    public const string TooManyRules = "TooManyRules";
}
