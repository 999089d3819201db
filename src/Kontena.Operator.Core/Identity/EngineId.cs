using System.Text.RegularExpressions;

namespace Kontena.Operator.Core.Identity;

/// <summary>
/// A Kontena Node ID: what the Master tells one machine from another by. It is the id of the machine's Docker Engine, or the one that was chosen for it.
/// Two are equal where the Master takes them for one, which compares them letter by letter.
/// </summary>
public readonly partial record struct EngineId : IComparable<EngineId>
{
    /// <summary>Longer texts are no ids; the field of a node's status has the same limit.</summary>
    public const int Longest = 128;

    private readonly string? text;

    private EngineId(string text) => this.text = text;

    public string Text => text ?? "";

    public EngineIdForm Form => Groups().IsMatch(Text) ? EngineIdForm.Groups : Guid.TryParseExact(Text, "D", out _) ? EngineIdForm.Uuid : EngineIdForm.Unrecognised;

    /// <summary>Whether the Master finds a node by it: it takes what has no colon for a name (kontena server/app/routes/v1/nodes_api.rb).</summary>
    public bool CanBeLookedUp => Text.Contains(':', StringComparison.Ordinal);

    /// <returns>Null where there is no id, or a text that cannot be one.</returns>
    public static EngineId? Of(string? text) =>
        text is { Length: > 0 and <= Longest } && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? new EngineId(text) : null;

    /// <summary>The two forms that Docker makes, and no others.</summary>
    /// <returns>False where it is neither.</returns>
    public static bool TryParse(string? text, out EngineId id)
    {
        id = Of(text) ?? default;
        return id.text is not null && id.Form != EngineIdForm.Unrecognised;
    }

    public int CompareTo(EngineId other) => string.CompareOrdinal(Text, other.Text);

    public static bool operator <(EngineId one, EngineId other) => one.CompareTo(other) < 0;

    public static bool operator <=(EngineId one, EngineId other) => one.CompareTo(other) <= 0;

    public static bool operator >(EngineId one, EngineId other) => one.CompareTo(other) > 0;

    public static bool operator >=(EngineId one, EngineId other) => one.CompareTo(other) >= 0;

    public override string ToString() => Text;

    [GeneratedRegex(@"\A[A-Z0-9]{4}(:[A-Z0-9]{4}){11}\z")]
    private static partial Regex Groups();
}
