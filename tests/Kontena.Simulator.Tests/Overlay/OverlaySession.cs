using Kontena.Simulator.Ec2;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;
using Kontena.Simulator.Overlay;
using Kontena.Simulator.Tests.Ec2;
using Kontena.Simulator.Tests.Machines;

namespace Kontena.Simulator.Tests.Overlay;

/// <summary>Machines of one grid, with networks between them that a test closes.</summary>
internal sealed class OverlaySession : IAsyncDisposable
{
    public const string Grid = "production";

    private OverlaySession(Ec2Session ec2) => (Ec2, Networks) = (ec2, new FakeNetworks(ec2.Cloud));

    public Ec2Session Ec2 { get; }

    public FakeNetworks Networks { get; }

    public KontenaMaster Master => Ec2.Server.Master;

    public OverlayView View => Ec2.Server.Machines.Overlay;

    public static async Task<OverlaySession> StartAsync(MachineOptions? options = null, IReadOnlyList<string>? trusted = null, bool realGroups = false)
    {
        var session = new OverlaySession(await Ec2Session.StartAsync(
            new Ec2Options { BootTime = TimeSpan.Zero, ShutdownTime = TimeSpan.Zero, Throttling = false, Images = [.. MachineImage.Defaults, MachineImage.Cloned("other")] }, TimeProvider.System,
            (options ?? new()) with { Second = TimeSpan.FromMilliseconds(10) },
            new MasterOptions
            {
                Grids = [new GridOptions { Name = Grid, Token = Bootstraps.GridToken, TrustedSubnets = trusted ?? [], InitialSize = 3 }, new GridOptions { Name = "staging" }],
                KeepaliveInterval = TimeSpan.FromMilliseconds(100),
            }));
        if (!realGroups) session.Ec2.Server.Machines.Networks = session.Networks;
        return session;
    }

    /// <summary>Boots a machine, and waits until its router runs.</summary>
    public async Task<SimulatedMachine> JoinAsync(string name, string image = "ubuntu/*")
    {
        var machine = Ec2.Server.LaunchForeign(new ForeignMachine { Grid = Grid, Name = name, Image = image });
        await RunsAsync(machine);
        return machine;
    }

    /// <summary>The same for a node that comes with a token of its own, and with another grid token or none: the Master does not look at that.</summary>
    public async Task<SimulatedMachine> JoinWithNodeTokenAsync(string name, string? gridToken, string region = "default")
    {
        var token = Canary.Of($"node-token-of-{name}");
        Master.AddForeign(new ForeignNode { Grid = Grid, Name = name, Token = token });
        var data = Bootstraps.CloudConfig(Ec2.Server.MasterUrl.ToString()).With(Bootstraps.NodeToken, token).With("-e KONTENA_NODE_ID ", "").With("region=eu-west-1", $"region={region}");
        data = gridToken is null ? data.With("-e KONTENA_TOKEN ", "") : data.With(Bootstraps.GridToken, gridToken);
        var machine = Ec2.Server.Machines.Of(Ec2.Cloud.LaunchForeign(new ForeignInstance { Image = "ubuntu/*", UserData = System.Text.Encoding.UTF8.GetBytes(data) }).Id);
        await RunsAsync(machine);
        return machine;
    }

    public static Task RunsAsync(SimulatedMachine machine) => MachineSession.SaysAsync(machine, "Exposed host node at cidr=");

    public string PrivateAddress(SimulatedMachine machine) => Ec2.Cloud.Find(machine.InstanceId)!.PrivateAddress;

    public static (OverlayPeerState?, OverlayMode?, bool?) Standing(SimulatedMachine one, SimulatedMachine other) =>
        one.Overlay.With(other.InstanceId) is { } peer ? (peer.State, peer.Mode, peer.Encrypted) : (null, null, null);

    public ValueTask DisposeAsync() => Ec2.DisposeAsync();
}
