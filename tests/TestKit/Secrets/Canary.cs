using System.Text;

namespace Kontena.TestKit.Secrets;

/// <summary>
/// Values that stand where secrets stand in tests: recognisable wherever they turn up, also base64-encoded or in hex. A test that needs a
/// credential, a token or user-data takes <see cref="Of"/>; one that gets a secret at run time registers it. Never in a test's name: the
/// names are output, and all output is searched.
/// </summary>
public static class Canary
{
    /// <summary>What every canary begins with; <c>.ci/canaries.py</c> searches the results of all tests for the same.</summary>
    public const string Stem = "Zk4n4ryQ";

    /// <summary>Shorter secrets would be found by chance.</summary>
    private const int ShortestSecret = 12;

    /// <summary>What opens the simulated EC2: a secret like any other, although everybody may know it.</summary>
    private const string SimulatorKey = "simulator-secret-that-opens-nothing-else";

    /// <summary>The same of the simulated Kontena Master.</summary>
    private const string MasterAccessToken = "simulator-access-token-that-opens-nothing-else";

    private static readonly Lock gate = new();
    private static volatile (string Form, string Name)[] forms =
        [.. FormsOf("a canary", Stem), .. FormsOf("the simulator's key", SimulatorKey), .. FormsOf("the simulated Master's access token", MasterAccessToken)];

    public static string Of(string what) => $"{Stem}-{what}";

    public static byte[] Bytes(string what) => Encoding.UTF8.GetBytes(Of(what));

    /// <summary>A secret that was made elsewhere; looked for from now on.</summary>
    public static void Register(string name, string secret)
    {
        if (secret.Length < ShortestSecret) throw new ArgumentException($"{name} is too short to be looked for.", nameof(secret));
        lock (gate) forms = [.. forms, .. FormsOf(name, secret)];
    }

    /// <summary>Names of the secrets that the text gives away; not the secrets themselves, as this is printed.</summary>
    public static IReadOnlyList<string> In(string text)
    {
        List<string>? names = null;
        // Asked for each measurement of a metric: nothing is allocated where nothing is found.
        foreach (var (form, name) in forms)
            if (text.Contains(form, StringComparison.Ordinal) && names?.Contains(name) != true)
                (names ??= []).Add(name);
        return names ?? (IReadOnlyList<string>)[];
    }

    private static IEnumerable<(string Form, string Name)> FormsOf(string name, string secret) => Encodings(secret).Select(form => (form, name));

    /// <summary>As it is, in hex, and in base64 wherever in a longer text it stands: at three offsets, without the characters that its neighbours share.</summary>
    private static IEnumerable<string> Encodings(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Convert.ToHexStringLower(bytes);
        yield return Convert.ToHexString(bytes);
        for (var offset = 0; offset < 3; offset++)
        {
            var whole = (bytes.Length + offset) / 3 * 3 - offset;
            var text = Convert.ToBase64String([.. new byte[offset], .. bytes.AsSpan(0, whole)]);
            yield return offset == 0 ? text : text[(offset == 1 ? 2 : 3)..];
        }
    }
}
