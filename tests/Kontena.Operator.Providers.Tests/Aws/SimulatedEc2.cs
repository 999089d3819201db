using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws;
using Kontena.Operator.Providers.Shared;
using Kontena.Operator.Providers.Tests.Contract;
using Kontena.Simulator;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;
using Kontena.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>The simulator on loopback. One manual clock for the cloud and the driver's deadlines; the AWS runtime signs by the system's.</summary>
internal sealed class SimulatedEc2 : ContractCloud
{
    private readonly SimulatorServer server;
    private readonly List<IDisposable> opened = [];

    private SimulatedEc2(SimulatorServer server, ManualTime time) => (this.server, Time) = (server, time);

    public static async Task<SimulatedEc2> StartAsync(CancellationToken ct) => await StartAsync(new Ec2Options(), ct);

    public static async Task<SimulatedEc2> StartAsync(Ec2Options options, CancellationToken ct)
    {
        // Signatures are checked against the cloud's clock, so it begins at the real time.
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        return new SimulatedEc2(await SimulatorServer.StartAsync(new SimulatorOptions { Time = time, Ec2 = options }, NullLoggerFactory.Instance, ct), time);
    }

    public ManualTime Time { get; }

    public Ec2Cloud Ec2 => server.Ec2;

    public static ProviderCredentials Keys { get; } = new("test", new Dictionary<string, string>
    {
        [AwsCredentials.AccessKeyId] = Ec2Options.DemoAccessKeyId,
        [AwsCredentials.SecretAccessKey] = Ec2Options.DemoSecretAccessKey,
    });

    public AwsSettings Aws => new()
    {
        Region = "eu-west-1",
        InstanceTypes = ["t3.small"],
        Endpoint = server.Address.ToString(),
        KeyName = "kontena",
        Tags = new Dictionary<string, string> { ["team"] = "web", ["cost"] = "42" },
    };

    public override ProviderSettings Settings => Aws;

    public override Offering Offering { get; } = new("a", "t3.small");

    public override string UnknownId => "aws:///eu-west-1a/i-0123456789abcdef0";

    public override IMachineDriver Open() => Open(Keys);

    public AwsDriver Open(ProviderCredentials credentials, WriteFence? fence = null)
    {
        var driver = AwsDriver.Open(Aws, credentials, new DriverEnvironment(Time, NullLoggerFactory.Instance, Requests.Installation) { Fence = fence ?? WriteFence.Open });
        opened.Add(driver);
        return driver;
    }

    public override int CountLiving(string nodeUid) => Ec2.LivingInstances("kontena-node", nodeUid).Count;

    public override string AddForeign()
    {
        var foreign = Ec2.LaunchForeign(new ForeignInstance { Region = "eu-west-1", Tags = new Dictionary<string, string> { ["Name"] = "somebody else's" } });
        return $"aws:///{foreign.Zone}/{foreign.Id}";
    }

    public override void BreakReads(Breakage breakage, int nth)
    {
        foreach (var action in (string[])["DescribeInstances", "DescribeImages", "DescribeSubnets"])
            Ec2.Faults.Add(new Fault { Kind = KindOf(breakage), Cloud = "ec2", Action = action, Nth = nth });
    }

    public override void LoseNextCreateAnswer() =>
        Ec2.Faults.Add(new Fault { Kind = FaultKind.LostAnswer, Cloud = "ec2", Action = "RunInstances", Count = 1 });

    public override void Settle() => Time.Advance(TimeSpan.FromSeconds(6));

    public override async Task PassDeadlineAsync(Task call, CancellationToken ct)
    {
        if (!Ec2.Faults.All.Any(f => f.Fault.Kind == FaultKind.Hang)) return;
        await Eventually.HoldsAsync(() => Task.FromResult(call.IsCompleted || Ec2.Faults.All.Any(f => f.Fault.Kind == FaultKind.Hang && f.Struck > 0)),
            "the hanging call arrived", TimeSpan.FromSeconds(20), ct);
        Time.Advance(TimeSpan.FromSeconds(31));
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var driver in opened) driver.Dispose();
        await server.DisposeAsync();
    }

    internal static FaultKind KindOf(Breakage breakage) => breakage switch
    {
        Breakage.Unauthorized => FaultKind.AuthFailure,
        Breakage.Forbidden => FaultKind.Unauthorized,
        Breakage.Throttled => FaultKind.Throttle,
        Breakage.ServerError => FaultKind.ServerError,
        Breakage.Hang => FaultKind.Hang,
        Breakage.Cut => FaultKind.Cut,
        Breakage.HalfPage => FaultKind.HalfPage,
        _ => throw new ArgumentOutOfRangeException(nameof(breakage), breakage, "unknown breakage"),
    };
}
