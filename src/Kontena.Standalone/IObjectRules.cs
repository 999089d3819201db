namespace Kontena.Standalone;

/// <summary>
/// Rules on custom resources that a structural schema cannot state. In a cluster these are CEL rules in the CRD; this
/// server evaluates no CEL, so the program that starts it says them in C#.
/// </summary>
public interface IObjectRules
{
    /// <summary>
    /// Checks one write. Called once for every create and update of a custom resource that has passed its schema;
    /// it must be quick, free of I/O, and must not change either document.
    /// </summary>
    /// <param name="group">API group, such as <c>kontena.io</c>.</param>
    /// <param name="kind">Kind, such as <c>NodePool</c>.</param>
    /// <param name="old">The stored object; null on create.</param>
    /// <param name="new">The object as it would be stored, defaults filled in.</param>
    /// <param name="subresource"><c>status</c>, <c>scale</c>, or null for the object itself.</param>
    /// <returns>What is wrong; empty when nothing is.</returns>
    IReadOnlyList<RuleViolation> Check(string group, string kind, JsonObject? old, JsonObject @new, string? subresource);
}

/// <summary>One broken rule. It reaches the client as a cause of a 422 Invalid answer.</summary>
/// <param name="Path">The field, such as <c>spec.network.ports[0].port</c>; empty for the whole object.</param>
/// <param name="Reason">A <c>metav1.CauseType</c>, as a rule <c>FieldValueInvalid</c>.</param>
/// <param name="Message">What must hold, in the words of the CRD's rule.</param>
public sealed record RuleViolation(string Path, string Reason, string Message);

internal sealed class NoObjectRules : IObjectRules
{
    public IReadOnlyList<RuleViolation> Check(string group, string kind, JsonObject? old, JsonObject @new, string? subresource) => [];
}
