namespace Kontena.Operator.Core.Bootstrap;

/// <summary>One variable of the agent's container. The value may be secret, so it prints as its name alone.</summary>
public sealed record AgentVariable(string Name, string Value)
{
    public override string ToString() => Name;
}
