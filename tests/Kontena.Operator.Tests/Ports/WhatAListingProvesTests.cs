using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Resources;
using Kontena.TestKit;

namespace Kontena.Operator.Tests.Ports;

/// <summary>A predecessor's calls may be on their way for a while after a start, and a listing may be older than what was done.</summary>
public sealed class WhatAListingProvesTests
{
    private static readonly TimeSpan late = FirewallTrace.CallTimeout + FirewallTrace.ShownFor;

    private static DateTimeOffset Start => new ManualTime().GetUtcNow();

    [Test]
    public void AfterAStart_NothingIsClosedWhileAPredecessorsCloseMayCome()
    {
        using var stand = new PortsStand { TakenOver = Start };
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        stand.Settle(pool);
        stand.Update(KontenaKinds.NodePools, stand.Pool("web") is var now ? now with { Spec = now.Spec with { Network = new NetworkSpec { Ports = [new PortSpec { Name = "http", Port = "81", Sources = ["0.0.0.0/0"] }] } } } : pool);
        stand.Look(pool);
        stand.List();

        var next = stand.Look(pool);

        var (wait, id) = (Start + late - stand.Time.GetUtcNow(), stand.Firewalls.All.Single().Id);
        Assert.That(stand.Firewalls.Writes, Has.None.EqualTo($"close {id}"));
        Assert.That(next, Is.EqualTo(new Next.After(wait + TimeSpan.FromMilliseconds(1))), "a listing of the same time proves nothing yet");

        stand.Pass(wait);
        stand.List();
        stand.Look(pool);

        Assert.That(stand.Firewalls.Writes, Has.Member($"close {id}"));
    }

    [Test]
    public void AfterAStart_WhatIsWrittenDownAndWasNeverSeen_IsNotForgottenWhileAPredecessorMayMakeIt()
    {
        using var stand = new PortsStand { TakenOver = Start };
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        var record = new FirewallRef { Provider = "aws", Scope = Ours.Scope, Network = "vpc-2", Name = FirewallName.Of(new FirewallMarks(PortsStand.Inst, FirewallOwner.Pool, pool.Metadata.Uid!), "web", "vpc-2") };
        pool = stand.Update(KontenaKinds.NodePools, pool with { Status = new NodePoolStatus { Firewalls = [record] } }, status: true);
        stand.Settle(pool);
        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Records, Has.Member(record));

        stand.Pass(late);
        stand.List();
        stand.Look(pool);

        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Records, Has.None.EqualTo(record));
    }

    [Test]
    public void AfterAWrite_TheNextListingIsToldOf_ThoughItShowsNothingNew()
    {
        using var stand = new PortsStand();
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        stand.Settle(pool);
        stand.Firewalls.Change("sg-0001", f => f with { Rules = [] });
        stand.List();
        var told = stand.Announced;
        stand.List();
        Assert.That(stand.Announced, Is.EqualTo(told), "nothing was written, and nothing is new");

        stand.Look(pool);
        stand.Firewalls.Change("sg-0001", f => f with { Rules = [] });
        stand.List();

        Assert.That(stand.Announced, Is.EqualTo(told + 1), "whoever wrote waits for it");
    }
}
