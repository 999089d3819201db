namespace Kontena.Operator.Core.Api;

public sealed partial record TemplateSpec : IHasRules
{
    private const string LabelReserved = "the operator sets the labels region, az, provider and nodepool, and keeps those that begin with kontena- for itself";

    private const string LabelKey = "a label's key has 1 to 63 printable ASCII characters without blanks, commas and =";

    // The agent is told labels with blanks between them and hands them on with commas.
    private const string LabelValue = "a label's value has printable ASCII characters without blanks and commas";

    // cloud-init and Flatcar tell user-data by its first characters; anything else is taken for nothing, and the machine
    // never joins: https://cloudinit.readthedocs.io/en/latest/explanation/format.html
    private static readonly string[] CloudInitHeaders =
        ["#cloud-config", "#!", "#include", "#cloud-boothook", "#part-handler", "## template: jinja", "Content-Type:", "MIME-Version:"];

    private static readonly string[] FlatcarHeaders = ["{", "#cloud-config", "#!"];

    public IEnumerable<FieldError> BrokenRules(object? old)
    {
        var labels = NodeLabels ?? new Dictionary<string, string>();
        if (labels.Keys.Any(IsReserved)) yield return Broken(LabelReserved, FieldErrorKind.Forbidden);
        if (!labels.Keys.All(k => k.Length is >= 1 and <= 63 && k.All(c => IsPlain(c) && c != '='))) yield return Broken(LabelKey);
        if (!labels.Values.All(v => v.All(IsPlain))) yield return Broken(LabelValue);
        if (UserData?.Inline is not { } text) yield break;
        var headers = OperatingSystem is OperatingSystem.Flatcar ? FlatcarHeaders : CloudInitHeaders;
        if (!headers.Any(h => text.StartsWith(h, StringComparison.OrdinalIgnoreCase)))
            yield return new FieldError(".userData.inline", FieldErrorKind.Invalid,
                $"{OperatingSystem} ignores user-data that does not begin with one of: {string.Join(", ", headers)}", FieldErrorSource.Operator);
    }

    private static bool IsReserved(string key) => key is "region" or "az" or "provider" or "nodepool" || key.StartsWith("kontena-", StringComparison.Ordinal);

    private static bool IsPlain(char c) => c is > ' ' and <= '~' and not ',';

    private static FieldError Broken(string message, FieldErrorKind kind = FieldErrorKind.Invalid) =>
        new(".nodeLabels", kind, message, FieldErrorSource.Rule);
}
