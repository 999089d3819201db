using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Kontena.Operator.Core.Machines;

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

    /// <summary>
    /// A record that is no EC2 id, or one of another region, is a fault and never an absence: asking this region about it would
    /// answer "not found" for a machine that lives.
    /// </summary>
    /// <exception cref="DriverException">BadSettings.</exception>
    public static AwsProviderId In(string region, string text)
    {
        if (!TryParse(text, out var id))
            throw new DriverException(DriverFault.BadSettings, $"'{text}' is not a provider id of EC2 (aws:///<zone>/<instance id>).");
        if (!id.Zone.StartsWith(region, StringComparison.Ordinal))
            throw new DriverException(DriverFault.BadSettings, $"{text} is not in {region}, the region of this driver.");
        return id;
    }

    public override string ToString() => $"aws:///{Zone}/{InstanceId}";

    // \z, not $: the latter lets a newline at the end pass.
    [GeneratedRegex(@"^aws:///(?<zone>[a-z]{2}(-[a-z0-9]+)+)/(?<instance>i-[0-9a-f]{8}([0-9a-f]{9})?)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
