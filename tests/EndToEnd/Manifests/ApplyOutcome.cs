using System.Text.RegularExpressions;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.Manifests;

/// <summary>What <c>kubectl apply</c> said it did.</summary>
/// <param name="Done">Object and verdict, such as <c>deployment.apps/kontena-operator</c> and <c>created</c>.</param>
/// <param name="UnknownKinds">Kinds of the objects that it left out because the server has no such kind.</param>
/// <param name="Result">All that it said.</param>
internal sealed partial record ApplyOutcome(IReadOnlyList<(string Object, string Verdict)> Done, IReadOnlyList<string> UnknownKinds, CommandResult Result)
{
    /// <summary>What it complained of, unknown kinds apart.</summary>
    public IReadOnlyList<string> Complaints => [.. Lines(Result.Error).Where(l => !UnknownKind().IsMatch(l) && l != "ensure CRDs are installed first")];

    public static ApplyOutcome Of(CommandResult result) => new(
        [.. Lines(result.Output).Select(l => DoneLine().Match(l)).Select(m => (m.Groups["object"].Value, m.Groups["verdict"].Value))],
        [.. UnknownKind().Matches(result.Error).Select(m => m.Groups["kind"].Value)],
        result);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^(?<object>\S+) (?<verdict>.+)$")]
    private static partial Regex DoneLine();

    [GeneratedRegex(@"no matches for kind ""(?<kind>[^""]+)""")]
    private static partial Regex UnknownKind();
}
