using System.Globalization;

namespace Kontena.Simulator.Ec2.Query;

internal enum ParameterType
{
    Text,
    Integer,
    Boolean,
}

/// <summary>One parameter that an action takes.</summary>
/// <param name="Pattern">Its key with N for every number: <c>TagSpecification.N.Tag.N.Key</c>.</param>
/// <param name="Allowed">The closed list of values; empty: any.</param>
internal sealed record ParameterRule(string Pattern, ParameterType Type, params string[] Allowed)
{
    public static ParameterRule Text(string pattern, params string[] allowed) => new(pattern, ParameterType.Text, allowed);

    public static ParameterRule Integer(string pattern) => new(pattern, ParameterType.Integer);

    public static ParameterRule Boolean(string pattern) => new(pattern, ParameterType.Boolean);

    /// <summary>What every action with filters takes.</summary>
    public static ParameterRule[] Filters { get; } = [Text("Filter.N.Name"), Text("Filter.N.Value.N")];

    public static ParameterRule[] Paging { get; } = [Integer("MaxResults"), Text("NextToken")];

    public static ParameterRule DryRun { get; } = Boolean("DryRun");

    public void Check(string key, string value)
    {
        switch (Type)
        {
            case ParameterType.Text when Allowed.Length > 0 && !Allowed.Contains(value, StringComparer.Ordinal):
                throw Refusal.InvalidValue(value, key, $"Valid values are: {string.Join(", ", Allowed)}");
            case ParameterType.Integer when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _):
                throw Refusal.InvalidValue(value, key, "Expecting an integer.");
            case ParameterType.Boolean when value is not ("true" or "false"):
                throw Refusal.InvalidValue(value, key, "Expecting true or false.");
            case ParameterType.Text or ParameterType.Integer or ParameterType.Boolean:
                return;
            default:
                throw new InvalidOperationException($"Parameter type {Type} has no check.");
        }
    }
}
