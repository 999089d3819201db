using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Ports;

public sealed class PoolPortsTests
{
    private PortsStand stand = null!;

    [SetUp]
    public void Open() => stand = new PortsStand();

    [TearDown]
    public void Close() => stand.Dispose();

    [Test]
    public void Made_OnlyOnceItIsWrittenDown_ThenOpened()
    {
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        stand.Look(pool);
        stand.List();
        stand.Look(pool);
        Assert.That(stand.Firewalls.Writes, Is.Empty, "the record has to be in the status first");
        var record = stand.Book.Of(pool.Metadata.Uid!)!.Records!.Single();
        Assert.That(record.Id, Is.Null);

        stand.Tell(pool);
        stand.Look(pool);
        Assert.That(stand.Firewalls.Writes, Is.EqualTo(new[] { $"make {record.Name}" }));
        stand.Look(pool);
        Assert.That(stand.Firewalls.Writes, Has.Count.EqualTo(1), "what was made is believed when it is seen");

        stand.List();
        stand.Look(pool);
        stand.List();
        stand.Look(pool);

        var firewall = stand.Firewalls.All.Single();
        Assert.Multiple(() =>
        {
            Assert.That(stand.Firewalls.Writes, Is.EqualTo(new[] { $"make {record.Name}", $"open {firewall.Id}" }));
            Assert.That(firewall.Rules.Select(r => r.Rule.ToString()), Is.EqualTo(new[] { "TCP 80 from 0.0.0.0/0" }));
            Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.States.Single(), Has.Property("IsOpen").True.And.Property("Lacks").Null);
            Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Records!.Single().Id, Is.EqualTo(firewall.Id));
            Assert.That(stand.Events.Select(e => e.Split(':')[0]), Is.EqualTo(new[] { "web FirewallMade", "web PortsOpened" }));
        });
    }

    [Test]
    public void RuleTakenAwayByHand_IsOpenedAgain_AndAnothersStays()
    {
        var pool = Kept();
        var id = stand.Firewalls.All.Single().Id;
        var theirs = new FirewallRule(new PortRule(IpProtocol.Tcp, PortRange.Of(443), RuleSource.Members.Instance), IsOurs: false);
        stand.Firewalls.Change(id, f => f with { Rules = [theirs] });
        stand.Look(pool);
        Assert.That(stand.Firewalls.All.Single().Rules, Has.Count.EqualTo(1), "nobody has seen it yet");

        stand.Settle(pool);

        Assert.Multiple(() =>
        {
            Assert.That(stand.Firewalls.All.Single().Rules.Select(r => r.Rule.Ports), Is.EquivalentTo(new[] { PortRange.Of(443), PortRange.Of(80) }));
            Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.States.Single().Foreign, Is.EqualTo(new[] { theirs.Rule }));
        });
    }

    [Test]
    public void RuleWantedNoMore_IsClosedOnlyAfterAListingThatShowsTheNewOneOpen()
    {
        var pool = Kept();
        var id = stand.Firewalls.All.Single().Id;
        stand.Update(KontenaKinds.NodePools, stand.Pool("web") is var now ? now with { Spec = now.Spec with { Network = new NetworkSpec { Ports = [new PortSpec { Name = "http", Port = "81", Sources = ["0.0.0.0/0"] }] } } } : pool);
        var before = stand.Firewalls.Writes.Count;

        stand.Look(pool);
        stand.Look(pool);
        Assert.That(stand.Firewalls.Writes.Skip(before), Is.EqualTo(new[] { $"open {id}" }));
        stand.List();
        stand.Look(pool);

        Assert.Multiple(() =>
        {
            Assert.That(stand.Firewalls.Writes.Skip(before), Is.EqualTo(new[] { $"open {id}", $"close {id}" }));
            Assert.That(stand.Firewalls.All.Single().Rules.Select(r => r.Rule.Ports), Is.EqualTo(new[] { PortRange.Of(81) }));
        });
    }

    [Test]
    public void Leaving_IsGoneOnlyByAListingBegunAfterTheDelete()
    {
        var pool = Kept();
        var node = stand.Create(KontenaKinds.KontenaNodes, Ours.Node(pool, "web-0"));
        stand.Delete(KontenaKinds.NodePools, pool);
        stand.Settle(pool);
        Assert.That(stand.Firewalls.Writes, Has.None.StartWith("delete"), "its last node needs it");

        stand.Update(KontenaKinds.KontenaNodes, node with { Metadata = node.Metadata with { Finalizers = null } });
        stand.Delete(KontenaKinds.KontenaNodes, node);
        stand.Look(pool);
        Assert.That(stand.Firewalls.All, Is.Empty);
        stand.Look(pool);
        Assert.That(stand.Book.Of(pool.Metadata.Uid!), Has.Property("Plan").Property("Gone").False.And.Property("Records").Count.EqualTo(1));

        stand.List();
        stand.Look(pool);
        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Records, Is.Empty);
        stand.Tell(pool);
        stand.Look(pool);
        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Plan!.Gone, Is.True);
    }

    [TestCase(DriverFault.NotAllowed, "CredentialsRefused", true, 15)]
    [TestCase(DriverFault.Unavailable, "ProviderUnavailable", false, 4)]
    [TestCase(DriverFault.Throttled, "ProviderThrottles", false, 8)]
    public void NetworksRefused_IsTrouble_WithItsOwnWait(DriverFault fault, string reason, bool needsHuman, int seconds)
    {
        var pool = Kept();
        stand.Firewalls.NetworksFault = new DriverException(fault, "no");

        var next = stand.Look(pool);

        Assert.Multiple(() =>
        {
            Assert.That(next, Is.EqualTo(new Next.After(TimeSpan.FromSeconds(seconds))));
            Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Trouble, Is.EqualTo(new Freeze(reason, "no")));
            Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.NeedsHuman, Is.EqualTo(needsHuman));
            Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Records, Is.Null, "its status keeps what it says");
        });
    }

    [Test]
    public void BreakerOpen_WhatOpenedItStaysTold()
    {
        var pool = Kept();
        stand.Firewalls.NetworksFault = new DriverException(DriverFault.Unavailable, "the network is down");
        stand.Look(pool);
        stand.Woken.Clear();

        stand.Firewalls.NetworksFault = new DriverException(DriverFault.Unavailable, "suspended") { Code = Providers.Shared.ResilientDriver.SuspendedCode };
        stand.Look(pool);

        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Trouble!.Message, Is.EqualTo("the network is down"));
        Assert.That(stand.Woken, Is.Empty);
    }

    [Test]
    public void WriteRefused_IsTriedAgainOnlyWhenItsWaitIsOver_OrTheSpecChanges()
    {
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        stand.Look(pool);
        stand.List();
        stand.Look(pool);
        stand.Tell(pool);
        stand.Firewalls.WriteFault = new DriverException(DriverFault.NotAllowed, "not yours");
        stand.Look(pool);
        stand.List();
        var next = stand.Look(pool);

        Assert.That(stand.Firewalls.Writes, Has.Count.EqualTo(1));
        Assert.That(next, Is.EqualTo(new Next.After(RetryRule.HumanPace - TimeSpan.FromSeconds(2))));
        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.States.Single(), Has.Property("NeedsHuman").True.And.Property("Lacks").Property("Message").Contains("not yours"));

        stand.Firewalls.WriteFault = null;
        stand.Update(KontenaKinds.NodePools, stand.Pool("web") is var now ? now with { Spec = now.Spec with { Replicas = 2 } } : pool);
        stand.Look(pool);
        Assert.That(stand.Firewalls.All, Has.Count.EqualTo(1), "whoever changed the spec may have mended it");
    }

    [Test]
    public void SpecIsNonsense_NothingIsWritten_AndAHumanIsAsked()
    {
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool() is var p ? p with { Spec = p.Spec with { Network = new NetworkSpec { Ports = [new PortSpec { Name = "http", Port = "80-1", Sources = ["0.0.0.0/0"] }] } } } : null!);
        stand.Settle(pool);

        Assert.That(stand.Firewalls.Writes, Is.Empty);
        Assert.That(stand.Book.Of(pool.Metadata.Uid!), Has.Property("NeedsHuman").True.And.Property("Trouble").Property("Reason").EqualTo("InvalidSpec"));
    }

    [Test]
    public void ProviderHasNoFirewalls_ThatIsAllThereIsToSay()
    {
        stand.Cloud.Firewalls = null;
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());

        Assert.That(stand.Look(pool), Is.EqualTo(new Next.AwaitChange()));
        Assert.That(stand.Book.Of(pool.Metadata.Uid!), Has.Property("NoFirewalls").True.And.Property("Records").Empty);
    }

    /// <summary>It comes after the pool's credentials have moved to it, then somebody makes it anew with other keys: nobody holds what is new.</summary>
    [Test]
    public void SecretThatIsNew_IsHeld_AndOnlyOnce()
    {
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool(secret: "aws", held: "aws"));
        stand.Settle(pool);
        Assert.That(stand.Firewalls.Writes, Is.Empty);

        Anew("first");
        stand.Settle(pool);
        Assert.That(Held(), Is.True);
        Assert.That(stand.Firewalls.All, Has.Count.EqualTo(1));

        Anew("second");
        stand.List();
        stand.Look(pool);
        Assert.That(Held(), Is.True);

        var writes = stand.Api.Writes.Count();
        stand.Settle(pool);
        stand.Settle(pool);
        Assert.That(stand.Api.Writes.Skip(writes).Where(w => w.Key.Name == "aws"), Is.Empty);
    }

    private Secret Secret() => stand.Api.Peek(CoreKinds.Secret, new(Controllers.Samples.Namespace, "aws"))!;

    private bool Held() => Secret().Metadata.Finalizers?.Contains(ApiGroup.InUseFinalizer) == true;

    /// <summary>As a tool does that rotates keys.</summary>
    private void Anew(string key)
    {
        if (stand.Api.Peek(CoreKinds.Secret, new(Controllers.Samples.Namespace, "aws")) is { } old)
        {
            stand.Update(CoreKinds.Secret, old with { Metadata = old.Metadata with { Finalizers = null } });
            stand.Delete(CoreKinds.Secret, old);
        }
        var secret = Controllers.Samples.Credentials();
        stand.Create(CoreKinds.Secret, secret with { Metadata = secret.Metadata with { Finalizers = null }, Data = new Dictionary<string, byte[]>(secret.Data!) { ["accessKeyID"] = System.Text.Encoding.UTF8.GetBytes(key) } });
    }

    /// <summary>A pool whose firewall is as it should be.</summary>
    private NodePool Kept()
    {
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        stand.Settle(pool);
        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.States.Single(), Has.Property("IsOpen").True.And.Property("Lacks").Null);
        return stand.Pool("web");
    }
}
