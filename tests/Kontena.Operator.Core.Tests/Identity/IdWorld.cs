using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;

namespace Kontena.Operator.Core.Tests.Identity;

/// <summary>
/// Machines and Masters as values, as the Masters treat ids: one id once in all grids of a Master, whoever comes later is refused without a word.
/// Machines boot, join, reboot and are replaced; Masters go silent. What the operator sees of it are claims.
/// </summary>
internal sealed class IdWorld(int seed, bool withClones)
{
    private static readonly TimeSpan deadline = TimeSpan.FromMinutes(10);
    private readonly Random random = new(seed);
    private readonly List<Member> members = [];
    private readonly HashSet<string> silent = [];
    private readonly string?[] baked = [.. Enumerable.Range(0, 5).Select(i => withClones && i < 3 ? $"BAKED-{i}" : null)];
    private int count;

    public DateTimeOffset Now { get; private set; } = Samples.Noon;

    /// <summary>Nodes that are there and whose machine's id was another's first, at its Master or at another one.</summary>
    public IReadOnlyList<Member> Clones => [.. members.Where(m => !m.Leaving && FirstOf(m) is { } first && first != m)];

    public IReadOnlyList<Member> Members => members;

    public bool IsSilent(Member member) => silent.Contains(member.Master);

    /// <summary>Who of those that are there was accepted first with this id.</summary>
    public Member? FirstOf(Member member) => members.Where(m => m.Id == member.Id && !m.Leaving && m.JoinedAt is not null).MinBy(m => (m.JoinedAt!.Value, m.Text), Comparer<(DateTimeOffset, string)>.Create((a, b) => a.Item1 != b.Item1 ? a.Item1.CompareTo(b.Item1) : string.CompareOrdinal(a.Item2, b.Item2)));

    public void Step()
    {
        Now += TimeSpan.FromSeconds(30 + random.Next(90));
        for (var acts = random.Next(3); acts > 0; acts--) Act();
        members.RemoveAll(m => m.Leaving && m.LeavesAt <= Now);
        foreach (var member in members.Where(m => !m.Leaving && m.JoinedAt is null && m.BootsAt <= Now && !silent.Contains(m.Master)))
        {
            if (members.Exists(m => m != member && m.Master == member.Master && m.Id == member.Id && m.JoinedAt is not null)) continue;
            // The Master tells whole moments, no two alike here: who was first must not hang on a name.
            (member.JoinedAt, member.ConnectedAt) = (Now.AddMilliseconds(-random.Next(20000)), Now.AddMilliseconds(-random.Next(20000)));
            if (member.ConnectedAt > member.JoinedAt) (member.JoinedAt, member.ConnectedAt) = (member.ConnectedAt, member.JoinedAt.Value);
            member.JoinedAt = member.ConnectedAt;
        }
    }

    public NodeClaim[] Claims()
    {
        NodeClaim[] claims = [.. members.Select(Claim)];
        random.Shuffle(claims);
        return claims;
    }

    private void Act()
    {
        var at = members.Count == 0 ? null : members[random.Next(members.Count)];
        switch (random.Next(8))
        {
            case < 3 when members.Count < 24:
                Add(random.Next(3), random.Next(baked.Length), random.Next(2) == 0);
                break;
            case 3 or 4 when at is { Leaving: false }:
                // Replaced: the successor is of the same pool and image and may be made while the old one goes.
                (at.Leaving, at.LeavesAt) = (true, Now.AddSeconds(random.Next(300)));
                Add(at.Pool, at.Image, at.IsPinned);
                break;
            case 5 when at is { Leaving: false, JoinedAt: not null }:
                at.ConnectedAt = Now;
                break;
            case 6:
                silent.Add(random.Next(2) == 0 ? "one" : "two");
                break;
            case 7:
                silent.Clear();
                break;
        }
    }

    /// <summary>Pools 0 and 1 are at one Master, in two grids; pool 2 at another.</summary>
    private void Add(int pool, int image, bool pinned)
    {
        var number = count++;
        members.Add(new Member
        {
            Number = number,
            Pool = pool,
            Image = image,
            IsPinned = pinned,
            Id = pinned ? $"PIN-{number}" : baked[image] ?? $"OWN-{number}",
            CreatedAt = Now,
            BootsAt = Now.AddSeconds(60 + random.Next(200)),
        });
    }

    private NodeClaim Claim(Member member) => new()
    {
        Claimant = new Claimant($"default/grid-{member.Pool}", $"n{member.Number}-abcd") { NodeUid = $"uid-{member.Number}", Node = member.Text, PoolUid = $"pool-{member.Pool}" },
        Master = member.Master,
        AtMaster = member.JoinedAt is null ? null : Identity.Claims.Id(member.Id),
        Recorded = member.JoinedAt is null ? null : Identity.Claims.Id(member.Id),
        Pinned = member.IsPinned ? Identity.Claims.Id(member.Id) : null,
        Mode = member.IsPinned ? IdentityMode.Pinned : IdentityMode.Engine,
        Stale = IsSilent(member),
        Leaving = member.Leaving,
        JoinedAt = member.JoinedAt,
        ConnectedAt = member.JoinedAt is null ? null : member.ConnectedAt,
        CreatedAt = member.CreatedAt,
        Joined = member.JoinedAt is not null,
        Connected = member.JoinedAt is not null,
        Overdue = member.JoinedAt is null && !IsSilent(member) && member.CreatedAt + deadline < Now,
        Address = member.JoinedAt is null ? null : $"10.0.0.{member.Number}",
        MachineAddresses = [$"10.0.0.{member.Number}"],
        Account = "aws",
        Image = $"ami-{member.Image}",
    };

    internal sealed class Member
    {
        public required int Number { get; init; }

        public required int Pool { get; init; }

        public required int Image { get; init; }

        public required bool IsPinned { get; init; }

        public required string Id { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public required DateTimeOffset BootsAt { get; init; }

        public DateTimeOffset? JoinedAt { get; set; }

        public DateTimeOffset ConnectedAt { get; set; }

        public bool Leaving { get; set; }

        public DateTimeOffset LeavesAt { get; set; }

        public string Master => Pool < 2 ? "one" : "two";

        public string Text => $"default/n{Number}";
    }
}
