using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Kontena.Agents;
using Kontena.Simulator.Kontena.Database;
using Kontena.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Simulator.Tests.Kontena;

public sealed class ManyAtOnceTests
{
    [Test]
    public async Task Creates_AtOnce_GetNumbersOfTheirOwn()
    {
        await using var session = await MasterSession.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => session.PostAsync("/v1/grids/production/nodes", $$"""{"name": "web-{{i}}"}""")));
        Assert.That(session.Master.Nodes.Select(n => n.Number).Order(), Is.EqualTo(Enumerable.Range(1, 60)));
        var same = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => session.PostAsync("/v1/grids/production/nodes", """{"name": "only-one"}""")));
        Assert.That(same.Count(a => a.Status == 201), Is.EqualTo(1));
    }

    [Test]
    public async Task Grid_Full_JoinsListsAndStaysOnline()
    {
        await using var session = await MasterSession.StartAsync(MasterSession.Brisk with { KeepaliveInterval = TimeSpan.FromSeconds(1) });
        var watch = Stopwatch.StartNew();
        var agents = await Task.WhenAll(Enumerable.Range(1, Grid.MostNodes).Select(i =>
            session.JoinAsync($"web-{i}", $"{i:D4}" + EngineIds.A[4..], "region=x", a => a.PrivateIp = $"10.0.0.{i}")));
        var joined = watch.Elapsed;
        watch.Restart();
        var listed = await session.GetAsync("/v1/grids/production/nodes");
        TestContext.Out.WriteLine($"{agents.Length} agents joined in {joined.TotalSeconds:F1} s, listed in {watch.Elapsed.TotalMilliseconds:F0} ms, {listed.Body.Length / 1024} KiB");
        Assert.That(listed.Json["nodes"]!.AsArray().Select(n => n!["status"]!.ToString()).Distinct(), Is.EqualTo(new[] { "online" }));
        Assert.That(listed.Json["nodes"]![0]!["peer_ips"]!.AsArray(), Has.Count.EqualTo(Grid.MostNodes - 1));
        Assert.That(agents.Any(a => a.Closed.IsCompleted), Is.False);
    }

    /// <summary>Whatever comes in whatever order: numbers, names, engine ids and tokens stay what they must be, and a status is what its flags say.</summary>
    [Test]
    public void Walk_AnySteps_KeepTheIndexesUnique()
    {
        var steps = Gen.Choose(0, 5).SelectMany(act => Gen.Choose(0, 7), (act, which) => (act, which)).ListOf(60).ToArbitrary();
        Prop.ForAll(steps, walk =>
        {
            var world = new World();
            foreach (var (act, which) in walk)
            {
                world.Step(act, which);
                if (world.Broken() is { } broken) throw new AssertionException(broken);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    /// <summary>Two grids, eight names and four engines on a clock that moves with every step.</summary>
    private sealed class World
    {
        private readonly ManualTime time = new();
        private readonly MasterDatabase database;
        private readonly AgentGate gate;

        public World()
        {
            var options = new MasterOptions { Grids = [new GridOptions { Name = "one", InitialSize = 3 }, new GridOptions { Name = "two" }] };
            database = new MasterDatabase(options, MasterVersion.Parse("1.5.4"), new MasterClock(time));
            gate = new AgentGate(database, options, NullLogger.Instance);
        }

        public void Step(int act, int which)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            var grid = database.FindGrid(which % 2 == 0 ? "one" : "two")!;
            var node = grid.Nodes.ElementAtOrDefault(which / 2);
            switch (act)
            {
                case 0 when grid.Named($"web-{which}") is null:
                    database.AddNode(grid, $"web-{which}", NodeOrigin.Api).Token = database.NewToken();
                    break;
                case 1 when node is not null:
                    database.RemoveNode(node);
                    break;
                case 2:
                    Connect(new AgentHello(EngineIds.Of((char)('A' + which % 4)), $"web-{which}", "1.5.4", [], time.GetUtcNow(), grid.Token, null));
                    break;
                case 3 when node is not null:
                    Connect(new AgentHello(EngineIds.Of((char)('A' + which % 4)), "any", "1.5.4", [], time.GetUtcNow(), null, node.Token ?? "none"));
                    break;
                case 4 when node is { ConnectedAt: { } at }:
                    database.Connections.Unplug(node, at, 1000, "");
                    break;
                case 5 when node is { NodeId: not null }:
                    database.Connections.Update(node, DockerInfo.None);
                    break;
            }
        }

        public string? Broken()
        {
            var nodes = database.Nodes_NeedsLock.ToList();
            if (!Unique(nodes.Select(n => n.NodeId))) return "an engine id has two nodes";
            if (!Unique(nodes.Select(n => n.Token))) return "a token has two nodes";
            if (!Unique(nodes.Select(n => $"{n.Grid.Name}/{n.Name}"))) return "a name has two nodes";
            if (!Unique(nodes.Select(n => $"{n.Grid.Name}/{n.Number}"))) return "a number has two nodes";
            if (nodes.Any(n => n.InitialMember != n.Number <= n.Grid.InitialSize)) return "an initial member is none";
            return nodes.Any(n => (n.Status is HostNodeStatus.Online or HostNodeStatus.Connecting) != (n.Connected && n.NodeId is not null)) ? "a status is not its flags'" : null;
        }

        private void Connect(AgentHello hello)
        {
            if (gate.Admit(hello) is AgentVerdict.Admitted admitted) database.Connections.Plug(admitted.Node, admitted.ConnectedAt);
        }

        private static bool Unique(IEnumerable<string?> values)
        {
            var seen = new HashSet<string>();
            return values.OfType<string>().All(seen.Add);
        }
    }
}
