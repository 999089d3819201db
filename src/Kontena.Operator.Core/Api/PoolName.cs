namespace Kontena.Operator.Core.Api;

/// <summary>
/// What a NodePool may be called. Machine names, host names and Kontena node names are made from it: a dot would start a
/// domain, and a longer name would leave no room for the node's own part within the 63 characters of a host name.
/// </summary>
public static class PoolName
{
    public const int MaxLength = 40;

    public const string Rule = "size(self.metadata.name) <= 40 && !self.metadata.name.contains('.')";

    public const string Message = "a NodePool's name has at most 40 characters and no dots: machine and node names are made from it";

    public static IEnumerable<FieldError> Check(string name)
    {
        if (name.Length > MaxLength || name.Contains('.', StringComparison.Ordinal))
            yield return new FieldError("metadata.name", FieldErrorKind.Invalid, Message, FieldErrorSource.Rule);
    }
}
