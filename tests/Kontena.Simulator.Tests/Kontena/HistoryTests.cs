using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena;

namespace Kontena.Simulator.Tests.Kontena;

public sealed class HistoryTests
{
    [Test]
    public async Task Nodes_ComeAndGone_AreAllThere()
    {
        await using var session = await MasterSession.StartAsync();
        await session.CreateNodeAsync("web-a", """["machine=1"]""");
        await session.DeleteAsync("/v1/nodes/production/web-a");
        await session.CreateNodeAsync("web-b", """["machine=1"]""");
        Assert.That(session.Master.MostAtOnce("machine=1"), Is.EqualTo(1), "one after the other");
        await session.CreateNodeAsync("web-c", """["machine=1"]""");
        await session.DeleteAsync("/v1/nodes/production/web-c");
        session.Master.RemoveBehindTheBack("production", "web-b");
        Assert.That(session.Master.MostAtOnce("machine=1"), Is.EqualTo(2), "a twin counts, even if it is gone by now");
        Assert.That(session.Master.Nodes.Select(n => (n.Name, n.Origin, n.RemovedAt is not null)),
            Is.EqualTo(new[] { ("web-a", NodeOrigin.Api, true), ("web-c", NodeOrigin.Api, true), ("web-b", NodeOrigin.Api, true) }));
        Assert.That(session.Master.MostAtOnce("machine=2"), Is.Zero);
    }

    [Test]
    public async Task Quorum_IsSampledAtEveryChange()
    {
        await using var session = await MasterSession.StartAsync();
        var agents = new List<AgentOfTests>();
        foreach (var (name, id) in new[] { ("a", EngineIds.A), ("b", EngineIds.B), ("c", EngineIds.C) }) agents.Add(await session.JoinAsync(name, id));
        await session.JoinAsync("d", EngineIds.Of('D'));
        IEnumerable<(int Members, int Healthy)> Samples() => session.Master.Quorum.Where(q => q.Grid == "production").Select(q => (q.Members, q.Healthy));
        Assert.That(Samples(), Is.EqualTo(new[] { (0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (3, 2), (3, 3) }), "the fourth is no initial member");

        agents[0].EtcdHealth = new JsonObject { ["health"] = false };
        await session.GetAsync("/v1/nodes/production/a/health");
        await session.DeleteAsync("/v1/nodes/production/b");
        Assert.That(Samples().TakeLast(2), Is.EqualTo(new[] { (3, 2), (2, 1) }));
        Assert.That(session.Master.Quorum.Where(q => q.Grid == "production").TakeLast(2).Select(q => q.HasQuorum), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public async Task Foreign_Node_IsListedAndMarked()
    {
        await using var session = await MasterSession.StartAsync();
        session.Master.AddForeign(new ForeignNode { Grid = "production", Name = "theirs", Labels = ["team=other"], NodeId = EngineIds.A });
        Assert.That((await session.NodeAsync("theirs")).Json["status"]!.ToString(), Is.EqualTo("offline"));
        Assert.That(session.Master.Nodes.Single().Origin, Is.EqualTo(NodeOrigin.Foreign));
        Assert.That(() => session.Master.AddForeign(new ForeignNode { Grid = "production", Name = "theirs" }), Throws.ArgumentException);
        Assert.That(() => session.Master.AddForeign(new ForeignNode { Grid = "nowhere", Name = "theirs" }), Throws.ArgumentException);
    }

    [Test]
    public async Task Seed_SameCalls_GiveTheSameTokens()
    {
        async Task<string> TokenOf(int seed)
        {
            await using var session = await MasterSession.StartAsync(MasterSession.Brisk with { Seed = seed });
            return session.Master.GridToken("staging");
        }

        var (first, again, other) = (await TokenOf(1), await TokenOf(1), await TokenOf(2));
        Assert.That((again == first, other == first), Is.EqualTo((true, false)));
    }
}
