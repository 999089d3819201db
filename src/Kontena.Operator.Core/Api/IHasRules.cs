namespace Kontena.Operator.Core.Api;

/// <summary>
/// A record with rules that attributes on single properties cannot say. Its <c>Cel</c> attributes and this method say the
/// same twice, side by side: the API server evaluates the first, the operator and the embedded server the second.
/// </summary>
public interface IHasRules
{
    /// <param name="old">The stored value in the same place; null on create or where there was none.</param>
    /// <returns>Errors with paths relative to this record, beginning with a dot; empty for the record itself.</returns>
    IEnumerable<FieldError> BrokenRules(object? old);
}
