using System.Globalization;

namespace Kontena.Simulator.Kontena;

/// <summary>What a Master of some version can do (kontena CHANGELOG.md), and which agents it lets in.</summary>
internal sealed record MasterVersion(int Major, int Minor, int Patch, string Text)
{
    /// <summary>1.4: POST of nodes, node tokens, statuses, names in the handshake, errors of connections.</summary>
    public bool HasNodeTokens => (Major, Minor).CompareTo((1, 4)) >= 0;

    /// <summary>1.3: the agent's clock is compared, and a connection ends with a reason.</summary>
    public bool ChecksClock => (Major, Minor).CompareTo((1, 3)) >= 0;

    /// <summary>1.4.0 overwrote labels that were set before the first connect (kontena issue 2986).</summary>
    public bool AddsLabels => (Major, Minor, Patch).CompareTo((1, 4, 1)) >= 0;

    /// <summary>Agents hear of changed labels but for 1.3.0 to 1.3.4 (kontena issue 2746).</summary>
    public bool NotifiesNodes => (Major, Minor, Patch).CompareTo((1, 3, 0)) < 0 || (Major, Minor, Patch).CompareTo((1, 3, 5)) >= 0;

    /// <exception cref="FormatException">Not MAJOR.MINOR.PATCH.</exception>
    public static MasterVersion Parse(string text) =>
        TryParse(text) ?? throw new FormatException($"{text} is not a version of the Kontena Master, for example 1.5.4.");

    /// <summary>RubyGems' <c>~> MAJOR.MINOR.0</c>: any patch level of the same minor, but no pre-release.</summary>
    public bool Admits(string agentVersion) => TryParse(agentVersion) is { } agent && (agent.Major, agent.Minor) == (Major, Minor);

    private static MasterVersion? TryParse(string text)
    {
        var numbers = text.Split('.');
        if (numbers.Length is < 2 or > 3) return null;
        var parts = new int[3];
        for (var i = 0; i < numbers.Length; i++)
            if (!int.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out parts[i])) return null;
        return new MasterVersion(parts[0], parts[1], parts[2], text);
    }
}
