using Kontena.Simulator.Machines;
using Kontena.Simulator.Networks;
using Kontena.Simulator.Overlay;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Overlay;

/// <summary>What is worked out when somebody asks, on a clock that stands still.</summary>
public sealed class FabricTests
{
    private readonly ManualTime time = new();

    private static RouterFacts Facts(int number) => new()
    {
        InstanceId = $"i-{number}",
        Name = $"02:00:00:00:00:{number:x2}",
        HostName = $"web-{number}",
        PrivateAddress = $"10.0.0.{number}",
        PublicAddress = $"198.51.100.{number}",
    };

    private WeaveRouter Up(OverlayFabric fabric, int number, TimeSpan startsIn = default) => fabric.Up(Facts(number), new Journal(time.GetUtcNow), startsIn);

    [Test]
    public void Router_LaunchedAnew_IsAwayUntilItIsUp()
    {
        var networks = new CountedNetworks();
        var fabric = new OverlayFabric(time, networks);
        var (one, two) = (Up(fabric, 1), Up(fabric, 2));
        one.Connect(["10.0.0.2"]);
        Assert.That(fabric.Of("i-1").Peers.Single().State, Is.EqualTo(OverlayPeerState.Connected));

        two.Stop();
        var again = Up(fabric, 2, TimeSpan.FromSeconds(2));
        Assert.That((fabric.Of("i-2").Running, fabric.Of("i-1").Peers.Single().Reason), Is.EqualTo((false, "dial tcp4 :0->10.0.0.2:6783: getsockopt: connection refused")));
        two.Stop();
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.That((fabric.Of("i-2").Running, fabric.Of("i-1").Peers.Single().State), Is.EqualTo((true, OverlayPeerState.Connected)), "the old process's end is not the new one's");
        Assert.That(time.NextTimer, Is.Null);
        again.Stop();
        Assert.That(fabric.Of("i-2"), Is.EqualTo(OverlaySnapshot.None));
    }

    [Test]
    public void Questions_AreAskedAgainOnlyWhenSomethingChanged()
    {
        var networks = new CountedNetworks();
        var fabric = new OverlayFabric(time, networks);
        for (var i = 1; i <= 20; i++) Up(fabric, i).Connect([.. Enumerable.Range(1, i - 1).Select(n => $"10.0.0.{n}")]);
        Assert.That(fabric.View().Count(OverlayMode.Fastdp, encrypted: false), Is.EqualTo(190));
        var first = networks.Asked;
        fabric.View();
        Assert.That(networks.Asked, Is.EqualTo(first));

        Up(fabric, 21).Connect(["10.0.0.1"]);
        Assert.That(fabric.View().Links, Has.Count.EqualTo(210), "it learns of the others from its peer");
        Assert.That(networks.Asked - first, Is.LessThanOrEqualTo(2 * 20 * 7), "about the new one alone");

        networks.Closed = true;
        Assert.That(fabric.View().Count(OverlayMode.Fastdp, encrypted: false), Is.EqualTo(210), "nothing says that anything changed");
        networks.Change();
        Assert.That(fabric.View().Links.Select(l => l.State).Distinct(), Is.EqualTo(new[] { OverlayPeerState.Unreachable }));
    }

    [Test]
    public void Routers_ThatWereToldOfAThirdOnly_FindEachOther()
    {
        var networks = new CountedNetworks();
        var fabric = new OverlayFabric(time, networks);
        var (one, two, _) = (Up(fabric, 1), Up(fabric, 2), Up(fabric, 3));
        one.Connect(["10.0.0.3"]);
        Assert.That(fabric.View().Between("i-1", "i-2"), Is.Null);
        two.Connect(["10.0.0.3"]);
        Assert.That(fabric.View().Between("i-2", "i-1")!.State, Is.EqualTo(OverlayPeerState.Connected));
        Assert.That(fabric.Of("i-1").With("i-2")!.Address, Is.EqualTo("10.0.0.2"));
    }

    [Test]
    public void Journal_SaysWhatChanged_AndNothingTwice()
    {
        var networks = new CountedNetworks();
        var fabric = new OverlayFabric(time, networks);
        Up(fabric, 1);
        var two = Up(fabric, 2);
        two.Connect(["10.0.0.1"]);
        fabric.View();
        fabric.Of("i-2");
        networks.Change();
        fabric.View();
        Assert.That(two.Journal.Lines.Select(l => l.Text), Is.EqualTo(new[]
        {
            "->[10.0.0.1:6783] attempting connection",
            "->[10.0.0.1:6783|02:00:00:00:00:01(web-1)]: connection ready; using protocol version 2",
            "overlay_switch ->[02:00:00:00:00:01(web-1)] using fastdp",
            "->[10.0.0.1:6783|02:00:00:00:00:01(web-1)]: connection fully established",
        }));
    }

    /// <summary>10.0.0.N is i-N's, and so is 198.51.100.N.</summary>
    private sealed class CountedNetworks : INetworks
    {
        public int Asked { get; private set; }

        public bool Closed { get; set; }

        public long Version { get; private set; }

        public void Change() => Version++;

        public bool Passes(string fromInstanceId, string toAddress, Packet packet)
        {
            Asked++;
            return !Closed;
        }

        public string? InstanceAt(string fromInstanceId, string address) => $"i-{address.Split('.')[3]}";
    }
}
