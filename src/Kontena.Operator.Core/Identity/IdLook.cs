using static Kontena.Operator.Core.Identity.IdMemory;

namespace Kontena.Operator.Core.Identity;

/// <summary>One look at all claims while it is taken: who is there, since when, and what was found so far.</summary>
internal sealed class IdLook
{
    private readonly IdMemory previous;
    private readonly Dictionary<string, Trail> trails;
    private readonly Dictionary<(string, string), ImageIds> images = [];
    private readonly Dictionary<string, IdVerdict> verdicts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Claimant>> others = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (EngineId? Id, List<Claimant> Incumbents)> heads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<IdVerdict>> groups = new(StringComparer.Ordinal);

    public IdLook(IReadOnlyCollection<NodeClaim> claims, IdMemory previous, DateTimeOffset now)
    {
        (this.previous, Now) = (previous, new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, now.Offset));
        trails = new Dictionary<string, Trail>(claims.Count, StringComparer.Ordinal);
        var present = new List<NodeClaim>(claims.Count);
        foreach (var claim in claims)
        {
            if (claim.Leaving || !trails.TryAdd(claim.Claimant.Key, Trails.Next(previous.Of(claim.Claimant.Key), claim, Now))) continue;
            present.Add(claim);
            NoteImage(claim);
        }
        Claims = present;
    }

    /// <summary>In whole seconds: what is said of it is read back from an API that keeps no more.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Without those that leave.</summary>
    public IReadOnlyList<NodeClaim> Claims { get; }

    public Trail TrailOf(NodeClaim claim) => trails[claim.Claimant.Key];

    public ImageIds? ImageOf(NodeClaim claim) => images.TryGetValue((claim.Account, claim.Image), out var ids) ? ids : null;

    public bool IsPresent(Claimant claimant) => trails.ContainsKey(claimant.Key);

    /// <summary>Nothing was found of it yet, and something new may be.</summary>
    public bool IsOpen(NodeClaim claim) => claim is { Stale: false, Claimant.IsOurs: true } && !verdicts.ContainsKey(claim.Claimant.Key);

    /// <summary>A Master that does not answer tells nothing: what was found by its word stands, unless the other has gone meanwhile.</summary>
    public void KeepWhatIsStale()
    {
        foreach (var claim in Claims)
            if (claim.Stale && TrailOf(claim).Verdict is { } verdict && (verdict.Incumbent is not { IsOurs: true } incumbent || IsPresent(incumbent)))
                Add(verdict);
    }

    /// <summary>The earlier of two: who holds the id before who only claims it, then who joined first, then by name.</summary>
    public int Earlier(NodeClaim one, NodeClaim other, EngineId id)
    {
        var order = (one.Held == id ? 0 : 1).CompareTo(other.Held == id ? 0 : 1);
        if (order == 0) order = TrailOf(one).First.CompareTo(TrailOf(other).First);
        if (order == 0) order = string.CompareOrdinal(one.Claimant.Text, other.Claimant.Text);
        return order != 0 ? order : string.CompareOrdinal(one.Claimant.Key, other.Claimant.Key);
    }

    public void Say(NodeClaim newcomer, IdConflictKind kind, Claimant? incumbent, EngineId? id, bool isCuredByReplacing = true)
    {
        if (!IsOpen(newcomer)) return;
        var since = TrailOf(newcomer).Verdict?.Since ?? newcomer.ReportedSince ?? Now;
        Add(new IdVerdict(kind, newcomer.Claimant, incumbent, id, since, IdWords.Of(kind, newcomer, incumbent, id, since)) { IsCuredByReplacing = isCuredByReplacing });
    }

    /// <summary>Somebody who is no node of ours came later: there is nobody to say it to but who was there first.</summary>
    public void Note(Claimant other, Claimant incumbent, EngineId id)
    {
        var key = HeadOf(id, incumbent, other);
        if (others.TryGetValue(key, out var known)) known.Add(other);
        else others[key] = [other];
    }

    public void RememberIntruder(NodeClaim intruder, NodeClaim at)
    {
        trails[intruder.Claimant.Key] = TrailOf(intruder) with { Intruder = at.Claimant.Key, IntruderAt = Now };
        trails[at.Claimant.Key] = TrailOf(at) with { TakenAt = Now };
    }

    public IdFindings Conclude()
    {
        var conflicts = new List<IdConflict>(heads.Count);
        foreach (var (key, head) in heads.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            List<IdVerdict> newcomers = groups.TryGetValue(key, out var found) ? [.. found.OrderBy(v => v.Newcomer.Text, StringComparer.Ordinal).ThenBy(v => v.Newcomer.Key, StringComparer.Ordinal)] : [];
            var kind = newcomers.Count > 0 ? newcomers.Min(v => v.Kind) : IdConflictKind.DuplicateID;
            conflicts.Add(new IdConflict(kind, head.Id, IncumbentOf(head.Incumbents), newcomers, others.TryGetValue(key, out var more) ? [.. more.OrderBy(o => o.Key, StringComparer.Ordinal)] : []));
        }
        foreach (var (key, trail) in trails.Where(t => t.Value.Verdict is not null && !verdicts.ContainsKey(t.Key)).ToList()) trails[key] = trail with { Verdict = null };
        foreach (var (key, verdict) in verdicts) trails[key] = trails[key] with { Verdict = verdict };
        return new IdFindings(conflicts, new IdMemory(trails, images));
    }

    private void Add(IdVerdict verdict)
    {
        verdicts[verdict.Newcomer.Key] = verdict;
        var key = HeadOf(verdict.Id, verdict.Incumbent, verdict.Newcomer);
        if (groups.TryGetValue(key, out var known)) known.Add(verdict);
        else groups[key] = [verdict];
    }

    private string HeadOf(EngineId? id, Claimant? incumbent, Claimant newcomer)
    {
        var key = id?.Text ?? $"of {(incumbent ?? newcomer).Key}";
        if (!heads.TryGetValue(key, out var head)) heads[key] = head = (id, []);
        if (incumbent is not null) head.Incumbents.Add(incumbent);
        return key;
    }

    /// <summary>Whoever holds the id at one Master may have come later than who holds it at another.</summary>
    private Claimant? IncumbentOf(List<Claimant> incumbents) => incumbents
        .OrderBy(i => verdicts.ContainsKey(i.Key))
        .ThenBy(i => trails.TryGetValue(i.Key, out var trail) ? trail.First : DateTimeOffset.MaxValue)
        .ThenBy(i => i.Text, StringComparer.Ordinal).ThenBy(i => i.Key, StringComparer.Ordinal)
        .FirstOrDefault();

    private void NoteImage(NodeClaim claim)
    {
        if (claim.Mode != Api.IdentityMode.Engine || claim.Image.Length == 0) return;
        var key = (claim.Account, claim.Image);
        if (!images.TryGetValue(key, out var known))
        {
            if (previous.Of(claim.Account, claim.Image) is { } before) images[key] = known = before;
            else if (claim.Held is { } first) { images[key] = new ImageIds(first, Several: false); return; }
            else return;
        }
        if (claim.Held is { } id && id != known.Only) images[key] = known with { Several = true };
    }
}
