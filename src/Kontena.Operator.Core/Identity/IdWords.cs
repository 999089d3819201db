using System.Globalization;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Identity;

/// <summary>The sentences of verdicts: who, which id, since when, why most likely, and what to do.</summary>
internal static class IdWords
{
    /// <summary>What stands before the time in every sentence; <see cref="IdVerdict.SinceIn"/> reads it back.</summary>
    public const string Since = "(since ";

    public const string Time = "yyyy-MM-ddTHH:mm:ssZ";

    /// <summary>How many characters a time has.</summary>
    public const int TimeLength = 20;

    private const string Bake = "Make images without /etc/docker/key.json and /var/lib/docker/engine-id, or set spec.identity.mode: Pinned";

    public static string Of(IdConflictKind kind, NodeClaim newcomer, Claimant? incumbent, EngineId? id, DateTimeOffset since)
    {
        var (name, which, who) = (newcomer.Claimant.Text, id is { } known ? $"the id {known}" : "an id", incumbent is null ? "another node of its Master" : incumbent.Text);
        var when = $"{Since}{since.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture)})";
        return kind switch
        {
            IdConflictKind.DuplicateID => $"{name} has {which}, which {who} had first {when}. Most likely both machines are of an image that was made after Docker had run in it{Image(newcomer)}. {Bake}; then delete this node to have it replaced.",
            IdConflictKind.PinCollision => $"The id that was chosen for {name}, {id?.Text ?? "unknown"}, is that of {who} {when}. Ids are chosen at random, so most likely an object or a machine was copied. {Remove(incumbent)}Delete this node to have it replaced with another id.",
            IdConflictKind.IDKnownElsewhere => $"{name} has {which}, which the Master knows as {who} {when}. Most likely the machine was given other settings for its agent, by an image or by spec.template.userData, or an entry was left behind: if it is gone, remove it (kontena node rm). Then delete this node to have it replaced.",
            IdConflictKind.IDFlapping => $"Two machines take {name} from each other with {which} {when}: the Master sees new connections from different addresses over and over (code 4041). The other is no machine of this operator; most likely a copy of this one's disk was started. Stop the copy.",
            IdConflictKind.VolatileID => Volatile(newcomer, when),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind"),
        };
    }

    /// <summary>Of who was there first.</summary>
    public static string OfIncumbent(IdConflict conflict)
    {
        var later = conflict.Newcomers.Select(v => v.Newcomer.Text).Concat(conflict.Others.Select(o => o.Text)).ToList();
        return $"The id {conflict.Id?.Text ?? "of this node"} is this node's, and {Names(later)} came later with the same one.";
    }

    public static string Names(IReadOnlyList<string> names) =>
        names.Count <= 3 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))} and {names.Count - 3} more";

    private static string Volatile(NodeClaim claim, string when)
    {
        var change = claim is { Recorded: { } from, AtMaster: { } to } && from != to ? $" from {from} to {to}" : "";
        var refused = claim.CloseCode == CloseCodes.TokenUsedByAnother ? ", so the Master refuses its agent (code 4003)" : "";
        return $"The id of {claim.Claimant.Text} changed{change} though its machine is the same {when}{refused}. Most likely /etc/docker or Docker's data root is not kept over a reboot. Keep /etc/docker/key.json and /var/lib/docker/engine-id on the disk, or set spec.identity.mode: Pinned; then delete this node to have it replaced.";
    }

    private static string Remove(Claimant? stranger) => stranger is { IsOurs: false } ? $"If that node is gone, remove it: kontena node rm {stranger.Name}. " : "";

    private static string Image(NodeClaim claim) => claim.Mode == IdentityMode.Engine && claim.Image.Length > 0 ? $" ({claim.Image})" : "";
}
