using FsCheck;
using FsCheck.Fluent;
using Kontena.Simulator.Overlay;

namespace Kontena.Simulator.Tests.Overlay;

/// <summary>What two routers make of each other, by weave's rules.</summary>
public sealed class HandshakeTests
{
    private static readonly RouterFacts One = new()
    {
        InstanceId = "i-1",
        Name = "02:00:00:00:00:01",
        HostName = "one",
        Password = Canary.Of("password-of-the-overlay"),
        PrivateAddress = "10.0.0.1",
        PublicAddress = "198.51.100.1",
    };

    private static readonly RouterFacts Two = One with { InstanceId = "i-2", Name = "02:00:00:00:00:02", HostName = "two", PrivateAddress = "10.0.0.2", PublicAddress = "198.51.100.2" };

    private static readonly Paths Open = new("10.0.0.2", "10.0.0.1", true, true, true, true);

    [TestCase(true, true, true, OverlayMode.Fastdp)]
    [TestCase(true, true, false, OverlayMode.Sleeve)]
    [TestCase(true, false, true, OverlayMode.Sleeve)]
    [TestCase(true, false, false, OverlayMode.Sleeve)]
    [TestCase(false, true, true, OverlayMode.Fastdp)]
    [TestCase(false, true, false, null)]
    [TestCase(false, false, true, null)]
    public void Mode_Encrypted_IsTheBestThatPasses(bool sleeve, bool fastdp, bool esp, OverlayMode? expected)
    {
        var result = Handshake.Of(One, Two, Open with { Sleeve = sleeve, Fastdp = fastdp, Esp = esp });
        Assert.That((result.Mode, result.Encrypted), Is.EqualTo((expected, expected is not null)));
        Assert.That(result.DiallersReason, Is.EqualTo(expected is null ? "no working forwarders to 02:00:00:00:00:02(two)" : null));
        Assert.That(result.ListenersReason, Is.EqualTo(expected is null ? "no working forwarders to 02:00:00:00:00:01(one)" : null));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void Kernel_WithoutEspOnEitherSide_LeavesSleeve(bool first, bool second) =>
        Assert.That(Handshake.Of(One with { KernelEsp = first }, Two with { KernelEsp = second }, Open), Has.Property("Mode").EqualTo(OverlayMode.Sleeve).And.Property("Encrypted").True);

    [Test]
    public void Passwords_None_NeedsNoEsp() => Assert.That(Handshake.Of(One with { Password = "" }, Two with { Password = null }, Open with { Esp = false }),
        Has.Property("Mode").EqualTo(OverlayMode.Fastdp).And.Property("Encrypted").False);

    [Test]
    public void Passwords_OnOneSideOnly_AreRefusedInEachSidesWords()
    {
        var result = Handshake.Of(One with { Password = null }, Two, Open);
        Assert.That((result.State, result.DiallersReason, result.ListenersReason), Is.EqualTo((OverlayPeerState.Refused,
            "no password specificed, but peer requested an encrypted connection", "password specified, but peer requested an unencrypted connection")));
    }

    [Test]
    public void Passwords_Different_AreRefusedEvenWithinTrustedSubnets()
    {
        var result = Handshake.Of(Trusting(One, "10.0.0.0/8") with { Password = Canary.Of("another-password") }, Trusting(Two, "10.0.0.0/8"), Open);
        Assert.That((result.State, result.DiallersReason), Is.EqualTo((OverlayPeerState.Refused, "unable to decrypt TCP msg")));
    }

    [TestCase("10.0.0.0/24", "10.0.0.0/24", false)]
    [TestCase("10.0.0.0/24", null, true)]
    [TestCase(null, "10.0.0.0/24", true)]
    [TestCase("10.0.0.2/32", "10.0.0.1/32", false)]
    [TestCase("10.0.0.1/32", "10.0.0.2/32", true)]
    public void TrustedSubnets_OfBoth_LeaveEncryptionAndEspOut(string? first, string? second, bool encrypted)
    {
        var result = Handshake.Of(Trusting(One, first), Trusting(Two, second), Open with { Esp = false });
        Assert.That((result.Mode, result.Encrypted), Is.EqualTo((encrypted ? OverlayMode.Sleeve : OverlayMode.Fastdp, encrypted)));
    }

    [Test]
    public void Names_TheSame_Collide()
    {
        var result = Handshake.Of(One, Two with { Name = One.Name }, Open);
        Assert.That((result.State, result.DiallersReason), Is.EqualTo((OverlayPeerState.Refused, "local \"02:00:00:00:00:01(one)\" and remote \"02:00:00:00:00:01(two)\" peer names collision")));
        Assert.That(Handshake.Of(One, One, Open).DiallersReason, Is.EqualTo("cannot connect to ourself"));
    }

    [Test]
    public void Control_ThatDoesNotPass_IsATimeOutOfTheDiallerOnly() => Assert.That(Handshake.Of(One, Two, Open with { Control = false }),
        Is.EqualTo(new Handshake(OverlayPeerState.Unreachable, null, false, "dial tcp4 :0->10.0.0.2:6783: i/o timeout", null, false)));

    /// <summary>Another path that opens never makes it worse, and both sides come to the same.</summary>
    [Test]
    public void Paths_MoreOfThem_NeverMakeItWorse()
    {
        var worlds = Gen.Choose(0, 511).Select(World).ToArbitrary();
        Prop.ForAll(worlds, Gen.Choose(0, 3).ToArbitrary(), (world, opened) =>
        {
            var before = Handshake.Of(world.One, world.Two, world.Paths);
            var after = Handshake.Of(world.One, world.Two, opened switch
            {
                0 => world.Paths with { Control = true },
                1 => world.Paths with { Sleeve = true },
                2 => world.Paths with { Fastdp = true },
                _ => world.Paths with { Esp = true },
            });
            var back = Handshake.Of(world.Two, world.One, world.Paths with { Dialled = world.Paths.Origin, Origin = world.Paths.Dialled });
            return Worth(after) >= Worth(before) && (back.State, back.Mode, back.Encrypted) == (before.State, before.Mode, before.Encrypted);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static (RouterFacts One, RouterFacts Two, Paths Paths) World(int bits)
    {
        bool Bit(int at) => (bits >> at & 1) == 1;
        return (Trusting(One with { Password = Bit(4) ? One.Password : null }, Bit(5) ? "10.0.0.0/8" : null),
            Trusting(Two with { Password = Bit(6) ? Two.Password : null, KernelEsp = Bit(8) }, Bit(7) ? "10.0.0.0/8" : null), Open with { Control = Bit(0), Sleeve = Bit(1), Fastdp = Bit(2), Esp = Bit(3) });
    }

    private static int Worth(Handshake result) => result.Mode switch
    {
        OverlayMode.Fastdp => 2,
        OverlayMode.Sleeve => 1,
        _ => 0,
    };

    private static RouterFacts Trusting(RouterFacts router, string? subnet) => subnet is null ? router : router with { TrustedSubnets = [System.Net.IPNetwork.Parse(subnet)] };
}
