using System.Diagnostics.CodeAnalysis;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Identity;

namespace Kontena.Operator.Core.Tests.Identity;

/// <summary>The laws of conflicts, over worlds of machines that boot, reboot, are replaced and share images, and of Masters that go silent.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Worlds must come again from their seed.")]
public sealed class IdConflictsProperties
{
    private const int Steps = 120;
    private static readonly Config many = Config.QuickThrowOnFailure.WithMaxTest(150);
    private static readonly Arbitrary<int> seeds = Arb.From(Gen.Choose(0, int.MaxValue - 1));

    [Test]
    public void Of_NoClones_FindsNothingThroughAnyReplacementsAndReboots() => Check.One(many, Prop.ForAll(seeds, seed => Walk(seed, withClones: false, (_, found, _) =>
        Assert.That(found.Conflicts, Is.Empty))));

    [Test]
    public void Of_Clones_NeverBlamesWhoWasFirstNorWhoseIdIsItsOwn() => Check.One(many, Prop.ForAll(seeds, seed => Walk(seed, withClones: true, (world, found, _) =>
    {
        var clones = world.Clones.Select(m => m.Text).ToHashSet(StringComparer.Ordinal);
        var blamed = found.Conflicts.SelectMany(c => c.Newcomers).ToList();
        Assert.Multiple(() =>
        {
            // While a Master is silent, what was said of its nodes stands until it speaks again.
            Assert.That(blamed.Where(v => !world.IsSilent(world.Members.Single(m => m.Text == v.Newcomer.Node))).Select(v => v.Newcomer.Node), Is.SubsetOf(clones));
            Assert.That(blamed.Select(v => v.Newcomer.Key), Is.Unique);
        });
    })));

    [Test]
    public void Of_Clones_AreFoundWithTheirIdAndWhoHadItFirst()
    {
        var (met, foundAll) = (0, 0);
        Check.One(many, Prop.ForAll(seeds, seed => Walk(seed, withClones: true, (world, found, claims) =>
        {
            foreach (var clone in world.Clones.Where(c => !world.IsSilent(c)))
            {
                var claim = claims.Single(c => c.Claimant.Node == clone.Text);
                // Not accepted at its own Master, whose holder is here: known after the deadline. Accepted at another Master: known at once.
                var holder = world.Members.FirstOrDefault(m => m.Id == clone.Id && m.Master == clone.Master && m.JoinedAt is not null && m != clone);
                if (!(claim.Joined || (claim.Overdue && holder is { Leaving: false }))) continue;
                met++;
                var verdict = found.Of($"uid-{clone.Number}");
                Assert.That(verdict?.Id, Is.EqualTo(Claims.Id(clone.Id)), clone.Text);
                if (claim.Joined) Assert.That(verdict!.Incumbent!.Node, Is.EqualTo(world.FirstOf(clone)!.Text));
                foundAll++;
            }
        })));
        Assert.That((met > 500, foundAll), Is.EqualTo((true, met)), "the worlds must have had clones to find");
    }

    [Test]
    public void Of_SameClaimsInAnotherOrder_FindsTheSame() => Check.One(many, Prop.ForAll(seeds, seed =>
    {
        var (memory, other) = (IdMemory.Empty, IdMemory.Empty);
        return Walk(seed, withClones: true, (world, _, claims) =>
        {
            var shuffled = claims.ToArray();
            new Random(seed).Shuffle(shuffled);
            var (one, two) = (IdConflicts.Of(claims, memory, world.Now), IdConflicts.Of(shuffled, other, world.Now));
            (memory, other) = (one.Memory, two.Memory);
            Assert.That(two.Conflicts.Select(Text), Is.EqualTo(one.Conflicts.Select(Text)));
        });
    }));

    [Test]
    public void Of_AnyWorld_SaysTheSameAgainAndRemembersNoMoreThanThereIs() => Check.One(many, Prop.ForAll(seeds, seed => Walk(seed, withClones: true, (world, found, claims) =>
    {
        var again = IdConflicts.Of(claims, found.Memory, world.Now.AddSeconds(1));
        Assert.Multiple(() =>
        {
            Assert.That(again.Conflicts.Select(Text), Is.EqualTo(found.Conflicts.Select(Text)));
            Assert.That(found.Memory.Size.Claimants, Is.LessThanOrEqualTo(claims.Length));
            Assert.That(found.Memory.Size.Images, Is.LessThanOrEqualTo(claims.Length));
        });
    })));

    private static string Text(IdConflict conflict) =>
        $"{conflict.Kind} {conflict.Id} {conflict.Incumbent?.Key}: {string.Join("; ", conflict.Newcomers.Select(v => v.Message))} / {string.Join(", ", conflict.Others.Select(o => o.Key))}";

    private static bool Walk(int seed, bool withClones, Action<IdWorld, IdFindings, NodeClaim[]> check)
    {
        var world = new IdWorld(seed, withClones);
        var memory = IdMemory.Empty;
        for (var step = 0; step < Steps; step++)
        {
            world.Step();
            var claims = world.Claims();
            var found = IdConflicts.Of(claims, memory, world.Now);
            memory = found.Memory;
            check(world, found, claims);
        }
        return true;
    }
}
