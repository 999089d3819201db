namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// What only this build of the real engine says (kube-apiserver 1.20.2 for the core types, apiextensions-apiserver 0.36.4 for CRDs behind its
/// aggregator), each with its reason. Quirks are left out of transcripts; nothing else may hide behind them.
/// Known too, but avoided by what the interactions ask: 1.20 has no /openapi/v3, so <c>kubectl explain</c> of a custom resource fails;
/// no policy/v1 and no autoscaling/v2; a server-side apply of an APIService panics.
/// </summary>
public static class Quirks
{
    private static readonly string[] lines =
    [
        // A kubectl from Google's SDK picks a client by the server's version and says so when it has none for 1.20.
        "WARNING: version difference between client",
        // While a group is being registered at its front, the aggregator lists it before it serves it.
        "couldn't get resource list for test.kontena.io/",
        // A body of a version that the CRD does not have is first decoded with an empty schema, and that is warned about.
        "299 - \"unknown field \\\"spec\\\"\"",
    ];

    /// <summary>Whether a line of output, or a warning header, is a quirk.</summary>
    public static bool IsQuirk(string line) => lines.Any(quirk => line.Contains(quirk, StringComparison.Ordinal));

    /// <summary>
    /// Whether a cause of an Invalid answer is a quirk. When a schema fails, 0.36 adds causes of its own machinery: "some validation
    /// rules were not checked" for the field <c>&lt;nil&gt;</c>, and the scale subresource's check with a field that begins with a dot.
    /// </summary>
    public static bool IsQuirk(string reason, string field) =>
        field == "<nil>" || (reason == "FieldValueInvalid" && field.StartsWith('.'));

    /// <summary>1.20 names the keys of two types of Secrets <c>data[%s][username]</c>, by a mistake in its format string.</summary>
    public static string RemoveFrom(string field) => field.Replace("[%s]", "", StringComparison.Ordinal);

    public static string Remove(string text) =>
        string.Join('\n', text.Split('\n').Where(line => !IsQuirk(line)));
}
