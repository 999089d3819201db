namespace Kontena.Kubernetes.Schema;

/// <summary>One entry of <c>x-kubernetes-validations</c>.</summary>
/// <param name="Rule">Common Expression Language over <c>self</c>; a rule that mentions <c>oldSelf</c> is checked on updates only.</param>
/// <param name="Message">What must hold, for people; on one line.</param>
/// <param name="FieldPath">The field to blame, relative to the object that carries the rule, e.g. <c>.zones</c>; null blames that object.</param>
/// <param name="Reason">
/// <c>FieldValueInvalid</c> (also where null), <c>FieldValueForbidden</c>, <c>FieldValueRequired</c>, or <c>FieldValueDuplicate</c>,
/// whose message is not shown.
/// </param>
public sealed record CelRule(string Rule, string Message, string? FieldPath = null, string? Reason = null);
