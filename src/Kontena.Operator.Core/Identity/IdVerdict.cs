using System.Globalization;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Identity;

/// <summary>What is wrong with the id of one node of ours.</summary>
/// <param name="Incumbent">Who had the id before; null where that is not known, or where there is no other.</param>
/// <param name="Id">Null where the Master does not tell which it is.</param>
/// <param name="Since">Since when it is known, in whole seconds.</param>
/// <param name="Message">Names the other, the id, since when, the likely cause and the cure.</param>
public sealed record IdVerdict(IdConflictKind Kind, Claimant Newcomer, Claimant? Incumbent, EngineId? Id, DateTimeOffset Since, string Message)
{
    /// <summary>Condition reason.</summary>
    public string Reason => Kind.ToString();

    /// <summary>A new machine in its place may have an id of its own. Not so where the node was there first, and a stranger takes its entry.</summary>
    public bool IsCuredByReplacing { get; init; } = true;

    /// <summary>
    /// Since when a node's own condition says it; null where it says nothing wrong. The condition is written a moment later than it was found, which
    /// must not make another time of it, and another sentence, once an operator starts anew.
    /// </summary>
    public static DateTimeOffset? SinceIn(Condition told)
    {
        if (told.Status != ConditionStatus.False) return null;
        var at = told.Message.IndexOf(IdWords.Since, StringComparison.Ordinal) + IdWords.Since.Length;
        return at >= IdWords.Since.Length && told.Message.Length >= at + IdWords.TimeLength
            && DateTimeOffset.TryParseExact(told.Message.AsSpan(at, IdWords.TimeLength), IdWords.Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var since)
            ? since
            : told.LastTransitionTime;
    }
}
