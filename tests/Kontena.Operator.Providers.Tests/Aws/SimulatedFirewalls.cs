using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Tests.Contract;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;
using Kontena.TestKit;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>The simulator's security groups.</summary>
internal sealed class SimulatedFirewalls : FirewallCloud
{
    private const string Region = "eu-west-1";

    private static readonly string[] writes =
        ["CreateSecurityGroup", "DeleteSecurityGroup", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress", "ModifyInstanceAttribute"];

    private readonly SimulatedEc2 simulated;
    private int hungBefore;

    private SimulatedFirewalls(SimulatedEc2 simulated) => this.simulated = simulated;

    public static async Task<SimulatedFirewalls> StartAsync(CancellationToken ct) => new(await SimulatedEc2.StartAsync(ct));

    public override ProviderSettings Settings => simulated.Settings;

    public override string Network => Ec2.Vpcs(Region).Single(v => v.IsDefault).Id;

    public override string UnknownId => "sg-0fffffffffffffff0";

    public override int Writes => writes.Sum(Ec2.Calls.Count);

    private Ec2Cloud Ec2 => simulated.Ec2;

    public override IFirewallDriver Open() => simulated.Open().Firewalls!;

    public override int CountNamed(string name) => Ec2.Groups(Region).Count(g => g.Deleted is null && g.Name == name);

    public override IReadOnlyList<string> WordsOfRules(string id) => [.. Ec2.Groups(Region).Single(g => g.Id == id).Inbound.Select(r => r.Description ?? "")];

    public override string AddForeign(string name) => Ec2.Firewall.AddGroup(Region, name, tags: new Dictionary<string, string> { ["Name"] = "somebody else's" }).Id;

    public override void AddRuleByHand(string id, int port, string network, string words) =>
        Ec2.Firewall.AddRule(id, RuleDirection.Inbound, "tcp", port, port, network, words);

    public override string AddMachine(string installation, params string[] firewalls)
    {
        var machine = Ec2.LaunchForeign(new ForeignInstance { Region = Region, GroupIds = firewalls, Tags = new Dictionary<string, string> { ["kontena-installation"] = installation } });
        simulated.Settle();
        return $"aws:///{machine.Zone}/{machine.Id}";
    }

    public override IReadOnlyList<string> Attached(string providerId) => Ec2.Find(IdOf(providerId))!.GroupIds;

    public override void End(string providerId)
    {
        Ec2.TerminateBehindTheBack(IdOf(providerId));
        simulated.Settle();
    }

    public override void BreakReads(Breakage breakage, int nth)
    {
        simulated.BreakReads(breakage, nth);
        Ec2.Faults.Add(new Fault { Kind = SimulatedEc2.KindOf(breakage), Cloud = "ec2", Action = "DescribeSecurityGroups", Nth = nth });
    }

    /// <summary>Once for each call: what the next one is, the test decides.</summary>
    public override void LoseNextAnswer()
    {
        foreach (var action in writes) Ec2.Faults.Add(new Fault { Kind = FaultKind.LostAnswer, Cloud = "ec2", Action = action, Count = 1 });
    }

    public override async Task PassDeadlineAsync(Task call, CancellationToken ct)
    {
        int Hung() => Ec2.Faults.All.Where(f => f.Fault.Kind == FaultKind.Hang).Sum(f => f.Struck);
        if (!Ec2.Faults.All.Any(f => f.Fault.Kind == FaultKind.Hang)) return;
        await Eventually.HoldsAsync(() => Task.FromResult(call.IsCompleted || Hung() > hungBefore), "the hanging call arrived", TimeSpan.FromSeconds(20), ct);
        hungBefore = Hung();
        simulated.Time.Advance(TimeSpan.FromSeconds(31));
    }

    public override ValueTask DisposeAsync() => simulated.DisposeAsync();

    private static string IdOf(string providerId) => providerId.Split('/')[^1];
}
