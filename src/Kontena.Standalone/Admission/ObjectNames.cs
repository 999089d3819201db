using System.Text.RegularExpressions;

namespace Kontena.Standalone.Admission;

/// <summary>Which names, labels and finalizers Kubernetes takes (k8s.io/apimachinery util/validation). Null means it is good.</summary>
internal static partial class ObjectNames
{
    private const string SubdomainRule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string LabelRule = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string QualifiedRule = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private const string ValueRule = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    private const string KeyRule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    public static string? SubdomainFault(string name) => Fault(name, 253, Subdomain(), SubdomainRule);

    /// <summary>Of Events, whose names only have to be part of a path.</summary>
    public static string? PathSegmentFault(string name) =>
        name is "." or ".." || name.AsSpan().ContainsAny('/', '%') ? "may not be '.' or '..' and may not contain '/' or '%'" : null;

    public static string? LabelFault(string name) => Fault(name, 63, Label(), LabelRule);

    public static string? LabelValueFault(string value) => value.Length == 0 ? null : Fault(value, 63, NamePart(), ValueRule);

    public static string? DataKeyFault(string key) => key is "." or ".." || key.StartsWith("..", StringComparison.Ordinal)
        ? "must not be '.' or start with '..'"
        : Fault(key, 253, DataKey(), KeyRule);

    /// <summary>A label key, annotation key or finalizer: an optional DNS prefix and a slash before the name.</summary>
    public static string? QualifiedFault(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return Fault(name, 63, NamePart(), QualifiedRule);
        if (SubdomainFault(name[..slash]) is { } fault) return $"prefix part {fault}";
        return Fault(name[(slash + 1)..], 63, NamePart(), QualifiedRule);
    }

    private static string? Fault(string name, int most, Regex expression, string rule)
    {
        if (name.Length > most) return $"must be no more than {most} bytes";
        return expression.IsMatch(name) ? null : rule;
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex NamePart();

    [GeneratedRegex(@"^[-._a-zA-Z0-9]+\z")]
    private static partial Regex DataKey();
}
