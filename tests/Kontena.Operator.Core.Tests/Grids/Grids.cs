using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Tests.Grids;

/// <summary>Small values that tests of grids start from.</summary>
internal static class Grids
{
    public static GridSpec Spec { get; } = new() { Master = new MasterSpec { Url = "https://master.example.com", TokenRef = new TokenRef { Name = "prod" } } };

    public static GridFacts Facts { get; } = new() { Key = "ns/prod", GridName = "prod", Url = Spec.Master.Url, Observed = true, Protected = true, MasterVersion = "1.5.4" };

    public static MasterGrid Master { get; } = new() { Name = "prod", InitialSize = 3, Subnet = "10.81.0.0/16", Fingerprint = "0123456789abcdef", Token = new SecretText("never shown") };

    public static GridView View(params IReadOnlyList<MasterNode> nodes) => new()
    {
        Name = "prod",
        GridName = "prod",
        Last = new MasterListing(Samples.Noon, nodes),
        Grid = Master,
        MasterVersion = "1.5.4",
        ClockAhead = TimeSpan.FromSeconds(0.3),
    };

    public static GridSeen Seen(GridView view) => new() { Spec = Spec, Generation = 1, View = view, HasFinalizer = true, HeldSecrets = ["prod"], NamedSecrets = ["prod"], SecretsHeld = true };

    public static MasterTrouble Trouble(MasterFault fault) => new(fault, GridReasons.Of(fault), $"The Master: {fault}.", Samples.Noon, new MasterException(fault, "").NeedsHuman);

    public static MasterNode Member(int number, bool connected = true, bool joined = true) => new()
    {
        Name = $"node-{number}",
        Number = number,
        InitialMember = number <= 3,
        Connected = connected,
        Status = !joined ? MasterNodeStatus.Created : connected ? MasterNodeStatus.Online : MasterNodeStatus.Offline,
    };
}
