namespace Kontena.Operator.Core.Api;

public sealed partial record AgentSpec
{
    // CEL takes constants only: a test holds that the list and the set are one.
    private const string ReservedList =
        "'KONTENA_URI', 'KONTENA_TOKEN', 'KONTENA_NODE_TOKEN', 'KONTENA_NODE_ID', 'KONTENA_NODE_NAME', 'KONTENA_NODE_LABELS', "
        + "'KONTENA_PEER_INTERFACE', 'KONTENA_PRIVATE_IP', 'KONTENA_PUBLIC_IP', 'KONTENA_SSL_VERIFY', 'KONTENA_VERSION', 'SSL_CERT_FILE'";

    private const string VariableName = "a variable's name has capital letters, digits and _, and does not begin with a digit";

    private const string VariableReserved = "the operator sets these itself: " + ReservedList;

    private const string VariableOfSeveralLines = "a variable's value is one line, without control characters";

    /// <summary>Variables that the operator sets, or whose value is another one on every machine.</summary>
    public static IReadOnlySet<string> ReservedNames { get; } = ReservedList.Split(", ").Select(name => name.Trim('\'')).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether an environment file can hold a variable of this name.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => c is '_' || char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    public IEnumerable<FieldError> BrokenRules(object? old)
    {
        var variables = Environment ?? new Dictionary<string, string>();
        if (!variables.Keys.All(IsName)) yield return Broken(VariableName);
        if (variables.Keys.Any(ReservedNames.Contains)) yield return Broken(VariableReserved, FieldErrorKind.Forbidden);
        if (variables.Values.Any(v => v.Any(c => c is (< ' ' and not '\t') or '\x7f'))) yield return Broken(VariableOfSeveralLines);
    }

    private static FieldError Broken(string message, FieldErrorKind kind = FieldErrorKind.Invalid) =>
        new(".environment", kind, message, FieldErrorSource.Rule);
}
