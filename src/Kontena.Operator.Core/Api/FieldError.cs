namespace Kontena.Operator.Core.Api;

/// <summary>One thing that is wrong with an object.</summary>
/// <param name="Path">The field, e.g. <c>spec.provider.aws.region</c>; empty for the whole object.</param>
/// <param name="Message">What must hold, for people.</param>
public sealed record FieldError(string Path, FieldErrorKind Kind, string Message, FieldErrorSource Source)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}

/// <summary>How a field is wrong: the causes of a Kubernetes <c>Invalid</c> answer, without their prefix <c>FieldValue</c>.</summary>
public enum FieldErrorKind
{
    Required,
    Invalid,
    NotSupported,
    Duplicate,
    TooLong,
    TooMany,
    Forbidden,
}

/// <summary>Who else refuses the same.</summary>
public enum FieldErrorSource
{
    /// <summary>The CRD's structural schema says it.</summary>
    Schema,

    /// <summary>A CEL rule of the CRD says it, in the same words.</summary>
    Rule,

    /// <summary>Only the operator says it: the API server takes such an object, and the pool reports it.</summary>
    Operator,
}
