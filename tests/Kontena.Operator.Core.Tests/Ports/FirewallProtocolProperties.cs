using System.Globalization;
using System.Net;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ports;

/// <summary>
/// No way in shut that is wanted, nothing foreign changed, nothing left behind and no call too many, whatever crashes, is lost, comes late or is shown
/// late. Seeded walks; a failing seed replays by itself.
/// </summary>
public sealed class FirewallProtocolProperties
{
    /// <summary>KONTENA_WALKS asks for more, KONTENA_WALKS_FROM for others.</summary>
    private static readonly int walks = Setting("KONTENA_WALKS", 400);

    private static readonly PortRule[] rules =
    [
        .. from protocol in new[] { IpProtocol.Tcp, IpProtocol.Udp }
           from ports in new[] { new PortRange(1, 2), new PortRange(2, 4), new PortRange(1, 9), PortRange.Of(6) }
           from network in new[] { "10.0.0.0/28", "10.0.0.0/30", "0.0.0.0/0", "2001:db8::/125" }
           select new PortRule(protocol, ports, new RuleSource.Network(IPNetwork.Parse(network))),
        new(IpProtocol.Esp, PortRange.All, RuleSource.Members.Instance),
    ];

    private static readonly Dictionary<PortRule, HashSet<Flow>> letIn = [];

    [Test]
    public void PoliciesChange_WhateverGoesWrong_NoFlowThatOldAndNewLetInIsEverRefused() => Walk((seed, world) =>
    {
        var random = Begin(seed, world);
        for (var round = 0; round < 60; round++)
        {
            Users(random, world);
            world.Round();
        }
        Calm(world);
        Settle(world);
    });

    [Test]
    public void AHandIsInIt_ForeignThingsStayAndOursComeBack() => Walk((seed, world) =>
    {
        var random = Begin(seed, world);
        List<FirewallCloudModel.Held> foreign = [Stranger(world, random, copied: false), Stranger(world, random, copied: true)];
        for (var round = 0; round < 60; round++)
        {
            Users(random, world);
            Hand(random, world, foreign);
            world.Round();
        }
        Calm(world);
        Settle(world);
        foreach (var owner in world.Owners) owner.Leaving = true;
        End(world);
        Assert.That(world.Cloud.All, Is.EquivalentTo(foreign), "something foreign was changed, or something of ours is left");
    }, judgesCloses: false);

    [Test]
    public void OwnersLeave_AtAnyMoment_NothingIsLeft() => Walk((seed, world) =>
    {
        var random = Begin(seed, world);
        var machines = world.Cloud;
        for (var round = 0; round < seed % 40; round++)
        {
            Users(random, world);
            world.Round();
        }
        foreach (var owner in world.Owners.ToList())
        {
            owner.Leaving = true;
            // Its machines take their time to end.
            foreach (var held in machines.All.Where(h => h.Firewall.Marks == owner.Marks).ToList()) machines.All[machines.All.IndexOf(held)] = held with { UsedUntil = machines.Now + TimeSpan.FromSeconds(random.Next(90)) };
            // Made anew under its name while the old one goes.
            if (random.Next(2) == 0) world.Add(owner.Name, Places(random));
        }
        for (var round = 0; round < 20; round++) world.Round();
        foreach (var owner in world.Owners) owner.Leaving = true;
        for (var round = 0; round < 20; round++) world.Round();
        Calm(world);
        End(world);
        Assert.That(world.Cloud.All, Is.Empty, "a firewall is left behind");
    });

    [Test]
    public void Settled_NoCall_AndAChangeCostsTwo() => Walk((seed, world) =>
    {
        var random = Begin(seed, world);
        Calm(world);
        Settle(world);
        foreach (var owner in world.Owners)
        {
            var before = world.Cloud.Writes;
            world.Want(owner, Policy(random));
            Settle(world);
            Assert.That(world.Cloud.Writes - before, Is.LessThanOrEqualTo(2 * owner.Places.Count), "one call opens, one closes");
        }
    });

    /// <summary>Two automations of which each knows better.</summary>
    [Test]
    public void EveryWriteIsUndone_CallsBecomeFew() => Walk((seed, world) =>
    {
        var random = Begin(seed, world);
        Calm(world);
        Settle(world);
        foreach (var owner in world.Owners) world.Want(owner, [rules[0], rules[20]]);
        var (writes, began) = (world.Cloud.Writes, world.Cloud.Now);
        while (world.Cloud.Now < began + TimeSpan.FromHours(1))
        {
            foreach (var held in world.Cloud.All.ToList()) world.Cloud.Change(held, f => f with { Rules = [] });
            world.Round();
        }
        Assert.That((world.Cloud.Writes - writes) / (double)world.Cloud.All.Count, Is.LessThanOrEqualTo(30), "calls for ever");
    }, share: 20);

    private static Random Begin(int seed, FirewallModel world)
    {
        var random = new Random(seed);
        world.Add("web", Places(random));
        world.Add("db", Places(random));
        (world.Cloud.Trouble, world.Deadliness) = (seed % 4 == 0 ? 0 : 25, seed % 3 == 0 ? 0 : 6);
        return random;
    }

    private static void Users(Random random, FirewallModel world)
    {
        if (world.Owners.Count == 0 || random.Next(4) > 0) return;
        var owner = world.Owners[random.Next(world.Owners.Count)];
        if (random.Next(4) == 0) owner.Paused = !owner.Paused;
        // Back to what was is what a late call of ours may still contradict.
        else world.Want(owner, random.Next(2) == 0 && owner.Policies.Count > 1 ? owner.Policies[^2].Want : Policy(random));
    }

    private static void Hand(Random random, FirewallModel world, List<FirewallCloudModel.Held> foreign)
    {
        var ours = world.Cloud.All.Except(foreign).ToList();
        if (ours.Count == 0 || random.Next(4) > 0) return;
        var held = ours[random.Next(ours.Count)];
        switch (random.Next(3))
        {
            case 0:
                world.Cloud.All.Remove(held);
                break;
            case 1:
                world.Cloud.Change(held, f => f with { Rules = [.. f.Rules.Skip(1)] });
                break;
            default:
                var rule = rules[random.Next(rules.Length)];
                if (held.Firewall.Rules.All(r => r.Rule != rule)) world.Cloud.Change(held, f => f with { Rules = [.. f.Rules, new FirewallRule(rule, IsOurs: false)] });
                break;
        }
    }

    /// <summary>Somebody's own firewall, or a copy of ours with all of its marks under a name of their own.</summary>
    private static FirewallCloudModel.Held Stranger(FirewallModel world, Random random, bool copied) =>
        world.Cloud.Add(FirewallModel.One, "launch-wizard-1", copied ? "vpc-a" : "vpc-x", copied ? world.Owners[0].Marks : null, new FirewallRule(rules[random.Next(rules.Length)], IsOurs: copied));

    private static FirewallPlace[] Places(Random random)
    {
        var want = Policy(random);
        FirewallPlace[] places = [new(FirewallModel.One, "vpc-a", want), new(FirewallModel.One, "vpc-b", want), new(FirewallModel.Other, "vpc-c", want)];
        return places[..random.Next(1, 4)];
    }

    private static IReadOnlyList<PortRule> Policy(Random random) => PortRules.Canonical(rules.Where(_ => random.Next(6) == 0));

    private static void Calm(FirewallModel world)
    {
        (world.Cloud.Trouble, world.Deadliness) = (0, 0);
        foreach (var owner in world.Owners) owner.Paused = false;
    }

    private static void Settle(FirewallModel world)
    {
        for (var round = 0; round < 400 && !(world.Cloud.IsQuiet && world.Owners.All(o => IsSettled(world, o))); round++) world.Round();
        Assert.That(world.Owners.Where(o => !IsSettled(world, o)).Select(o => $"{o.Name}: {string.Join("; ", o.Plan!.States.Select(s => s.Lacks?.Message))}"), Is.Empty, "does not come to rest");
        var writes = world.Cloud.Writes;
        for (var round = 0; round < 10; round++) world.Round();
        Assert.That(world.Cloud.Writes, Is.EqualTo(writes), "a settled world costs a call");
        foreach (var owner in world.Owners) Assert.That(owner.Records.Select(r => r.Id), Is.EquivalentTo(Own(world, owner).Select(h => h.Firewall.Id)), "what is written down is not what is there");
    }

    private static bool IsSettled(FirewallModel world, FirewallOwnerModel owner) =>
        owner.Plan is { Actions.Count: 0, Looks.Count: 0 } && owner.Plan.Records.SequenceEqual(owner.Records) && owner.Places.All(place =>
            Own(world, owner).SingleOrDefault(h => h.Account == place.Account && h.Firewall.Network == place.Network) is { } held && PortDiff.Of(held.Firewall.Rules, place.Want).IsEmpty);

    private static IEnumerable<FirewallCloudModel.Held> Own(FirewallModel world, FirewallOwnerModel owner) =>
        world.Cloud.All.Where(h => h.Firewall.Marks == owner.Marks && h.Firewall.Name == FirewallName.Of(owner.Marks, owner.Name, h.Firewall.Network));

    private static void End(FirewallModel world)
    {
        for (var round = 0; round < 400 && world.Owners.Count > 0; round++) world.Round();
        Assert.That(world.Owners.Select(o => $"{o.Name}: {string.Join("; ", o.Plan!.States.Select(s => s.Lacks?.Message))}"), Is.Empty, "a deletion never ends");
        // What was held back is carried out now, when nobody looks any more.
        world.Cloud.Pass(TimeSpan.FromMinutes(5));
    }

    /// <summary>A close is judged by every policy that its owner had from the decision to the effect: what all of them let in stays let in.</summary>
    private static void Judge(FirewallModel world, FirewallCloudModel.Held before, FirewallCloudModel.Held after, DateTimeOffset decidedAt)
    {
        if (world.Owners.Find(o => o.Marks == before.Firewall.Marks) is not { Leaving: false } owner) return;
        var lost = Flows(before.Firewall.Rules.Select(r => r.Rule)).Except(Flows(after.Firewall.Rules.Select(r => r.Rule))).ToHashSet();
        var first = owner.Policies.FindLastIndex(p => p.Since <= decidedAt);
        foreach (var (_, want) in owner.Policies.Skip(Math.Max(first, 0))) lost.IntersectWith(Flows(want));
        Assert.That(lost, Is.Empty, $"shut in {before.Firewall.Name}");
    }

    private static HashSet<Flow> Flows(IEnumerable<PortRule> of)
    {
        HashSet<Flow> all = [];
        foreach (var rule in of)
        {
            if (!letIn.TryGetValue(rule, out var flows)) letIn[rule] = flows = RandomRules.LetIn([rule]);
            all.UnionWith(flows);
        }
        return all;
    }

    private static void Walk(Action<int, FirewallModel> walk, bool judgesCloses = true, int share = 1)
    {
        var first = Setting("KONTENA_WALKS_FROM", 0);
        for (var seed = first; seed < first + Math.Max(1, walks / share); seed++)
        {
            var world = new FirewallModel(seed);
            if (judgesCloses) world.Cloud.Closed = (before, after, at) => Judge(world, before, after, at);
            try
            {
                walk(seed, world);
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}: {error.Message}\n{string.Join('\n', world.Story.TakeLast(60))}");
            }
        }
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var set) ? set : usual;
}
