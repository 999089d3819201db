using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Machines;

namespace Kontena.EndToEnd.Identities;

/// <summary>Machines of somebody else that have an id of ours: it is said, ours is not replaced for it, theirs is not touched, and once theirs is gone all is well.</summary>
public sealed class CopyTests : IdentityTests
{
    /// <summary>A storm is over when it was quiet for minutes.</summary>
    private const double Fast = 10;

    /// <summary>At that speed a busy machine's delays would look like a wrong clock.</summary>
    private SceneOptions Patient
    {
        get
        {
            var options = Usual.WithGrid(initialSize: 1, Fast);
            return options with { Master = options.Master! with { ClockSkew = TimeSpan.FromSeconds(60) } };
        }
    }

    [Test]
    public async Task CopyOfOurMachineIsStarted_FlappingIsSaid_NothingIsReplacedOrTouched_AndStoppedItEnds([Values] IdentityMode mode)
    {
        var scene = await PlayGridAsync(Patient.WithImages("red"));
        await scene.Grids.PoolAsync("web", 2, s => s.MadeOf(null) with { Identity = new IdentitySpec { OnConflict = ConflictAction.Replace } });
        await scene.Grids.PoolAsync("own", 1, s => s.MadeOf("red") with { Identity = new IdentitySpec { Mode = mode, OnConflict = ConflictAction.Replace } });
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.ReadyAsync("own", 1);
        var ours = (await scene.Objects.FindNodeAsync("own-0"))!;
        var since = scene.Time.GetUtcNow();
        // As "launch more like this" does at the console: the same image, the same user-data, another machine.
        var copy = scene.Ec2.LaunchForeign(new ForeignInstance
        {
            Image = CloneImages.NameOf("red"),
            UserData = scene.Ec2.UserData(scene.Grids.MachineOf(ours).InstanceId)!.Value.ToArray(),
            Tags = new Dictionary<string, string> { ["Name"] = "more like this" },
        });

        await scene.Waits.NodeAsync("own-0", "IDFlapping");

        var told = ConditionOf((await scene.Objects.FindNodeAsync("own-0"))!, "IDUnique");
        Assert.That(told.Message, Does.Contain(scene.Grids.EntryOf(ours).NodeId).And.Contain("4041").And.Contain("no machine of this operator").And.Contain("Stop the copy"));
        await scene.Waits.PoolAsync("own", "NodeIDsUnique", "False", "IDFlapping");
        await KeepalivesAsync(scene, 20);
        Assert.That(scene.Grids.Kontena.Evictions(since, scene.Grids.EntryOf(ours).NodeId), Is.GreaterThan(4));
        Assert.That(scene.Ec2.Find(copy.Id)!.Living, "theirs runs on");
        Assert.That(scene.Machines.Count(), Is.EqualTo(3), "ours is not replaced");

        scene.Ec2.TerminateBehindTheBack(copy.Id);

        await scene.Waits.UntilAsync(async () => IsReady((await scene.Objects.FindNodeAsync("own-0"))!), "it is Ready again");
        await scene.Waits.PoolAsync("own", "NodeIDsUnique", "True", "Unique");
        Assert.That((await scene.Objects.FindNodeAsync("own-0"))!.Metadata.Uid, Is.EqualTo(ours.Metadata.Uid));
        Assert.That(await EverBlamedAsync(scene, NodeKind), Is.EqualTo(new[] { "own-0" }));
    }

    [Test]
    public async Task StrangersShareAnIdAmongThemselves_TheyEvictEachOther_AndNothingIsSaidOfOurs()
    {
        var scene = await PlayGridAsync(Patient.WithImages("red"));
        await scene.Grids.PoolAsync("web", 2);
        var strangers = new List<SimulatedMachine>();
        foreach (var name in new[] { "theirs-1", "theirs-2" })
        {
            strangers.Add(scene.Cloud.LaunchForeign(new ForeignMachine { Grid = GridName, Name = name, Image = CloneImages.NameOf("red") }));
            // Two that connect in the same millisecond look like one connection to a Master, and stay.
            await scene.Waits.UntilAsync(() => scene.Grids.Entries.Any(e => e.NodeId == CloneImages.IdOf("red")), "one of them is in");
        }
        await scene.Waits.UntilAsync(() => scene.Grids.Kontena.Evictions(DateTimeOffset.MinValue, CloneImages.IdOf("red")) >= 6, "they evict each other");
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.PoolAsync("web", "NodeIDsUnique", "True", "Unique");

        await scene.Grids.PollsAsync(10);

        Assert.That(await EverBlamedAsync(scene, NodeKind), Is.Empty);
        Assert.That(strangers.Select(s => scene.Ec2.Find(s.InstanceId)!.Living), Is.All.True);
        Assert.That(scene.Grids.Entries.Select(e => e.NodeId), Has.Member(CloneImages.IdOf("red")));
    }

    /// <summary>Of machines that are not ours nobody tells which image they are of, and the Master does not tell whom it refuses.</summary>
    [Test]
    public async Task StrangerOfTheSameImageWasFirst_TheConditionSaysWhereToLook_AndOnceThatIsGoneOursJoins()
    {
        var scene = await PlayJoinedAsync(initialSize: 1, replicas: 1, Impatient(images: "red"));
        scene.Cloud.LaunchForeign(new ForeignMachine { Grid = GridName, Name = "theirs", Image = CloneImages.NameOf("red") });
        await scene.Waits.UntilAsync(() => scene.Grids.Entries.Any(e => e is { Name: "theirs", NodeId: not null }), "theirs has joined");
        await scene.Grids.PoolAsync("late", 1, s => s.MadeOf("red") with { Identity = new IdentitySpec { Mode = IdentityMode.Engine, OnConflict = ConflictAction.Replace } });

        var (ours, ready) = await NodeAsync(scene, "NeverConnected", "late-0");

        Assert.That(ready.Message, Does.Contain("4006").And.Contain("docker info").And.Contain("spec.identity.mode: Pinned"));
        Assert.That(scene.Grids.Entries.Single(e => e.Name == "theirs").NodeId, Is.EqualTo(CloneImages.IdOf("red")), "theirs is left alone");
        var theirs = scene.Ec2.Instances.Single(i => !i.ThroughApi);
        Assert.That(theirs.Living);
        scene.Ec2.TerminateBehindTheBack(theirs.Id);
        scene.Grids.Kontena.RemoveBehindTheBack(GridName, "theirs");
        await scene.Waits.ReadyAsync("late", 1);
        Assert.That((await scene.Objects.FindNodeAsync("late-0"))!.Metadata.Uid, Is.EqualTo(ours.Metadata.Uid), "ours was not replaced");
    }
}
