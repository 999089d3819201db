using Kontena.EndToEnd.Operator;
using Kontena.Simulator.Ec2;

namespace Kontena.EndToEnd.Ports.Judging;

/// <summary>What must hold of the cloud's security groups after every scene, however it went.</summary>
internal static class PortsJudgement
{
    public static async Task AssertAsync(OperatorScene scene)
    {
        var firewalls = scene.Firewalls;
        AssertNothingForeignTouched(scene);
        AssertOneNameANetwork(firewalls);
        firewalls.AssertNeverRefused();
        var pools = (await scene.Objects.PoolsAsync()).ToDictionary(p => p.Metadata.Uid!, StringComparer.Ordinal);
        var grids = (await scene.Grids.AllAsync()).ToDictionary(g => g.Metadata.Uid!, StringComparer.Ordinal);
        foreach (var group in firewalls.Own)
        {
            var owner = group.Tags["kontena-owner-uid"];
            AssertMarked(firewalls, group);
            if (!firewalls.Abandoned) Assert.That(pools.ContainsKey(owner) || grids.ContainsKey(owner), Is.True, $"{group.Name} is there, and its owner is gone");
            if (pools.TryGetValue(owner, out var pool) && IsTold(pool)) AssertLetsIn(firewalls, group, WantedFlows.Of(pool.Spec.Network));
        }
    }

    /// <summary>Every rule is the owner's by its description, or one that somebody else was seen to make.</summary>
    private static void AssertMarked(SceneFirewalls firewalls, SecurityGroupSnapshot group)
    {
        var mark = $"kontena {group.Tags["kontena-installation"]}/{group.Tags["kontena-owner-uid"]}";
        var others = group.Inbound.Where(r => r.Description != mark).Select(r => (group.Id, r));
        Assert.That(others.Except(firewalls.ForeignRules), Is.Empty, $"rules of nobody in {group.Name}");
    }

    /// <summary>Byte for byte, but for groups that are gone with their owner.</summary>
    private static void AssertNothingForeignTouched(OperatorScene scene)
    {
        foreach (var before in scene.Firewalls.Foreign)
        {
            var now = scene.Firewalls.All.SingleOrDefault(g => g.Id == before.Id);
            Assert.That(now, Is.Not.Null, $"somebody else's group {before.Name} is there");
            Assert.That((now!.Name, now.Description, Tags(now)), Is.EqualTo((before.Name, before.Description, Tags(before))));
            Assert.That(now.Inbound, Is.EqualTo(before.Inbound), $"what somebody else's group {before.Name} lets in");
            Assert.That(now.Outbound, Is.EqualTo(before.Outbound), $"what somebody else's group {before.Name} lets out");
        }
        foreach (var (id, rule) in scene.Firewalls.ForeignRules)
            if (scene.Firewalls.All.SingleOrDefault(g => g.Id == id) is { } group)
                Assert.That(group.Inbound, Has.Member(rule), "somebody else's rule is as it was");
        var machines = scene.Machines.Select(m => m.Id).ToHashSet();
        Assert.That(scene.Ec2.Calls.Recent.Where(c => c.Action.StartsWith("Modify", StringComparison.Ordinal)).Select(c => c.Parameters["InstanceId"]).Distinct(), Is.SubsetOf(machines), "groups were attached to the operator's machines alone");
    }

    /// <summary>Never two of one owner for one network at one time.</summary>
    private static void AssertOneNameANetwork(SceneFirewalls firewalls)
    {
        foreach (var (owner, groups) in firewalls.Ever.Where(g => g.ThroughApi).GroupBy(g => (g.VpcId, g.Tags["kontena-owner-uid"])).Select(g => (g.Key, g.ToList())))
            foreach (var group in groups)
                Assert.That(groups.Count(g => g.Created <= group.Created && !(g.Deleted <= group.Created)), Is.EqualTo(1), $"groups of {owner} at one time");
    }

    /// <summary>The pool says that its ports are as they should be.</summary>
    private static bool IsTold(NodePool pool) => !pool.Metadata.IsBeingDeleted && pool.Spec.Network?.Firewall?.Managed != false && pool.Status?.ObservedGeneration == pool.Metadata.Generation
        && pool.Status?.Conditions.Any(c => c is { Type: "PortsReady", IsTrue: true }) == true;

    private static void AssertLetsIn(SceneFirewalls firewalls, SecurityGroupSnapshot group, IReadOnlyList<FlowRule> wanted)
    {
        var own = group.Inbound.Where(r => !firewalls.ForeignRules.Contains((group.Id, r))).Select(r => FlowRule.Of(group, r)).ToList();
        // What somebody else opened already is not opened again.
        var there = group.Inbound.Select(r => FlowRule.Of(group, r)).ToList();
        Assert.That(FlowRule.Differences([.. own, .. there.Intersect(wanted)], wanted), Is.Empty, $"what {group.Name} lets in, and the pool's spec asks for");
    }

    private static string Tags(SecurityGroupSnapshot group) => string.Join(' ', group.Tags.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value}"));
}
