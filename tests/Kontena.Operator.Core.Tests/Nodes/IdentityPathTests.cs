using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Identity;
using Kontena.Operator.Core.Nodes;
using static Kontena.Operator.Core.Tests.Nodes.SeenInGrid;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>How what is said of a node's id goes into its readiness and its conditions.</summary>
public sealed class IdentityPathTests
{
    private static readonly IdStanding shared = new(ConditionStatus.False, "DuplicateID", "It is another's.", NeedsHuman: true);
    private static readonly IdStanding unique = new(ConditionStatus.True, IdStanding.IsUnique, "No other node has its id.");

    [Test]
    public void Next_OnlineWithAnothersId_IsNotReadyAndSaysWhy() => Assert.That(
        NodeLifecycle.Next(Online(joined: true) with { Identity = shared }),
        Is.EqualTo(new NodeStep.Wait("DuplicateID", "It is another's.", NeedsHuman: true)));

    [Test]
    public void Next_NeverAcceptedForAnothersId_SaysSoInsteadOfGuessing()
    {
        var waiting = Seen.WithMachine().InGrid(Entry(MasterNodeStatus.Created)) with { Identity = shared with { NeedsHuman = false } };

        Assert.That(NodeLifecycle.Next(waiting), Is.InstanceOf<NodeStep.Wait>().With.Property("Reason").EqualTo("DuplicateID").And.Property("NeedsHuman").False);
    }

    [Test]
    public void Next_FirstOnline_IsReadyOnlyOnceItsIdWasLookedAt()
    {
        Assert.Multiple(() =>
        {
            Assert.That(IsReady(Online(joined: false) with { Identity = IdStanding.NotYet }), Is.False);
            Assert.That(IsReady(Online(joined: false) with { Identity = unique }), Is.True);
            Assert.That(IsReady(Online(joined: true) with { Identity = IdStanding.NotYet }), Is.True, "what was ready stays so while nothing is known against it");
            Assert.That(IsReady(Online(joined: false)), Is.True, "of an operator that has just started");
        });
    }

    [Test]
    public void Next_MasterNotHeardSinceTheStart_IsNoMatterOfIds() =>
        Assert.That(NodeLifecycle.Next(Online(joined: true).Viewing(v => v with { Last = null }) with { Identity = shared }).Reason, Is.EqualTo("Observing"));

    [Test]
    public void Compose_Standing_IsACondition()
    {
        var seen = Online(joined: true) with { Identity = shared };
        var status = NodeStatus.Compose(seen, NodeLifecycle.Next(seen), 1, null);

        Assert.That(status.Conditions.Select(c => $"{c.Type}={c.Status}/{c.Reason}"), Does.Contain("IDUnique=False/DuplicateID").And.Contain("Ready=False/DuplicateID").And.Contain("AgentConnected=True/Connected"));
    }

    /// <summary>The difference is how a changed id is found, also by an operator that has just started.</summary>
    [Test]
    public void Compose_AnotherIdThanItJoinedWith_KeepsTheFirst()
    {
        var seen = Online(joined: true);
        var before = NodeStatus.Compose(seen, NodeLifecycle.Next(seen), 1, null) with { JoinedAt = Samples.Noon, EngineID = "FIRST" };

        Assert.That(NodeStatus.Compose(seen, NodeLifecycle.Next(seen), 1, before).EngineID, Is.EqualTo("FIRST"));
        Assert.That(NodeStatus.Compose(seen, NodeLifecycle.Next(seen), 1, before with { JoinedAt = null }).EngineID, Is.EqualTo($"ID:{EntryName}"));
    }

    private static bool IsReady(NodeSeen seen) => NodeLifecycle.Next(seen) is NodeStep.Wait { Ready: true };

    private static NodeSeen Online(bool joined) => Seen.WithMachine().InGrid(Entry(MasterNodeStatus.Online))
        .Viewing(v => v with { Health = Healthy(EntryName) })
        .Of(g => g with { JoinedAt = joined ? Samples.Noon : null });
}
