using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Kontena.Operator.Providers.Aws;

/// <summary>
/// <c>aws:///{zone}/{instance id}</c>, the form that Kubernetes' own AWS code uses. Instance ids are never used twice.
/// </summary>
internal sealed partial record AwsProviderId(string Zone, string InstanceId)
{
    /// <summary>Strict: a record that was garbled must not name another machine, or none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AwsProviderId? id)
    {
        var match = Form().Match(text);
        id = match.Success ? new AwsProviderId(match.Groups["zone"].Value, match.Groups["instance"].Value) : null;
        return match.Success;
    }

    public override string ToString() => $"aws:///{Zone}/{InstanceId}";

    // \z, not $: the latter lets a newline at the end pass.
    [GeneratedRegex(@"^aws:///(?<zone>[a-z]{2}(-[a-z0-9]+)+)/(?<instance>i-[0-9a-f]{8}([0-9a-f]{9})?)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
