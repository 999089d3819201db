namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// Lines that only the real engine's build prints, each with its reason. They are dropped from transcripts, so that nothing else hides behind them.
/// </summary>
public static class Quirks
{
    private static readonly string[] linesToDrop =
    [
        // A kubectl from Google's SDK picks a client by the server's version and says so when it has none for 1.20.
        "WARNING: version difference between client",
    ];

    public static string Remove(string text) =>
        string.Join('\n', text.Split('\n').Where(line => !linesToDrop.Any(quirk => line.Contains(quirk, StringComparison.Ordinal))));
}
