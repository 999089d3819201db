namespace Kontena.TestKit.Engines;

/// <summary>One request for a resource, in RBAC's words; what does not apply is empty.</summary>
/// <param name="User">Such as <c>system:serviceaccount:kontena-system:kontena-operator</c>.</param>
/// <param name="Group">API group; empty for the core one.</param>
/// <param name="Allowed">What RBAC said; other refusals (a namespace that is ending, say) are allowed here.</param>
public sealed record AuditedRequest(
    string User, string Verb, string Group, string Resource, string Subresource, string Namespace, string Name, bool Allowed)
{
    /// <summary>As a rule names it: <c>nodepools/status</c>.</summary>
    public string ResourceInRules => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";
}
