using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Shared;
using Kontena.Operator.Providers.Tests.Contract;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>The contract, and what only EC2 has, against the simulator (which checks signatures and parameters itself).</summary>
public sealed class AwsDriverContract : MachineDriverContract
{
    private SimulatedEc2 Simulated => (SimulatedEc2)Cloud;

    protected override async Task<ContractCloud> StartAsync() => await SimulatedEc2.StartAsync(Ct);

    [Test]
    public async Task List_TwoPages_All()
    {
        AddMany(1100);
        var listing = await Cloud.Open().ListAsync(Requests.Installation, Ct);
        Assert.That(listing.Machines, Has.Count.EqualTo(1100));
        Assert.That(Simulated.Ec2.Calls.Count("DescribeInstances"), Is.EqualTo(2));
    }

    [Test]
    public async Task List_SecondPageBroken_IsAFault([Values] Breakage breakage)
    {
        AddMany(1100);
        Cloud.BreakReads(breakage, nth: 2);
        var fault = await FaultAsync(Cloud.Open().ListAsync(Requests.Installation, Ct));
        Assert.That(fault.OutcomeUnknown, Is.False);
    }

    [Test]
    public async Task FindByAttempt_SecondReadBroken_IsUnknown()
    {
        var request = await RequestAsync("node-1");
        Cloud.BreakReads(Breakage.ServerError, nth: 2);
        var lookup = await Cloud.Open().FindAsync(new MachineQuery.ByAttempt(request.Marks, request.Attempt.Token), Ct);
        Assert.That(lookup, Is.InstanceOf<Lookup.Unknown>());
    }

    [Test]
    public async Task FindByAttempt_CopyLaunchedLikeIt_BothWithTheirTokens()
    {
        var request = await RequestAsync("node-1");
        var machine = await Cloud.Open().CreateAsync(request, Ct);
        Cloud.Settle();
        Simulated.Ec2.LaunchForeign(new ForeignInstance
        {
            Region = "eu-west-1",
            Tags = new Dictionary<string, string>
            {
                ["kontena-installation"] = Requests.Installation,
                ["kontena-pool"] = "pool-uid",
                ["kontena-node"] = "node-1",
                ["kontena-attempt"] = "1",
            },
        });
        var lookup = (Lookup.Found)await Cloud.Open().FindAsync(new MachineQuery.ByAttempt(request.Marks, request.Attempt.Token), Ct);
        Assert.That(lookup.Machines, Has.Count.EqualTo(2));
        Assert.That(lookup.Machines[0].ProviderId, Is.EqualTo(machine.ProviderId));
        Assert.That(lookup.Machines.Select(m => m.Token == request.Attempt.Token), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public async Task FindByAttempt_TokenOfAnotherInstallation_IsTokenMismatch()
    {
        var request = await RequestAsync("node-1");
        await Cloud.Open().CreateAsync(request with { Marks = Requests.Marks("node-1", installation: "installation-2") }, Ct);
        var lookup = await Cloud.Open().FindAsync(new MachineQuery.ByAttempt(request.Marks, request.Attempt.Token), Ct);
        Assert.That((lookup as Lookup.Unknown)?.Fault, Is.EqualTo(DriverFault.TokenMismatch));
        Assert.That((lookup as Lookup.Unknown)?.Message, Does.Contain("installation-2"));
    }

    [Test]
    public async Task Create_TokenWithOtherParameters_IsTokenMismatch()
    {
        var request = await RequestAsync("node-1");
        await Cloud.Open().CreateAsync(request, Ct);
        var fault = Assert.ThrowsAsync<DriverException>(() => Cloud.Open().CreateAsync(request with { Name = "another" }, Ct));
        Assert.That((fault.Fault, fault.Code), Is.EqualTo((DriverFault.TokenMismatch, "IdempotentParameterMismatch")));
        Assert.That(Cloud.CountLiving("node-1"), Is.EqualTo(1));
    }

    [Test]
    public async Task Create_NoCapacity_IsDefinite()
    {
        var request = await RequestAsync("node-1");
        Simulated.Ec2.Faults.Add(new Fault { Kind = FaultKind.Capacity, Zone = "eu-west-1a" });
        var fault = Assert.ThrowsAsync<DriverException>(() => Cloud.Open().CreateAsync(request, Ct));
        Assert.That((fault.Fault, fault.Code, fault.OutcomeUnknown), Is.EqualTo((DriverFault.NoCapacity, "InsufficientInstanceCapacity", false)));
    }

    [Test]
    public async Task Create_Quota_IsDefinite()
    {
        var request = await RequestAsync("node-1");
        Simulated.Ec2.Faults.Add(new Fault { Kind = FaultKind.Quota });
        var fault = Assert.ThrowsAsync<DriverException>(() => Cloud.Open().CreateAsync(request, Ct));
        Assert.That((fault.Fault, fault.Code, fault.OutcomeUnknown), Is.EqualTo((DriverFault.QuotaReached, "VcpuLimitExceeded", false)));
    }

    [TestCase(FaultKind.ServerError)]
    [TestCase(FaultKind.Cut)]
    [TestCase(FaultKind.HalfPage)]
    [TestCase(FaultKind.Hang)]
    public async Task Create_Unanswered_OutcomeUnknown(FaultKind kind)
    {
        var request = await RequestAsync("node-1");
        Simulated.Ec2.Faults.Add(new Fault { Kind = kind, Action = "RunInstances" });
        var fault = await FaultAsync(Cloud.Open().CreateAsync(request, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, true)));
    }

    [Test]
    public async Task Create_PublicAddressSecurityGroupsAndSpot_Accepted()
    {
        var aws = Simulated.Aws with { AssociatePublicIp = true, Spot = true, RootVolumeGiB = 40 };
        var driver = Cloud.Open();
        var request = await Requests.ResolveAsync(driver, aws, new Offering("b", "t3.small"), "node-1", Ct);
        var machine = await driver.CreateAsync(request, Ct);
        Assert.That(machine.Zone, Is.EqualTo("eu-west-1b"));
        Assert.That(machine.Addresses, Is.Not.Empty);
        Assert.That(Simulated.Ec2.UserData(machine.ProviderId.Split('/')[^1])?.ToArray(), Is.EqualTo(request.UserData.ToArray()));
    }

    [Test]
    public async Task Delete_Gone_NoSecondTerminateCall()
    {
        var machine = await CreateAsync("node-1");
        await Cloud.Open().DeleteAsync(machine.ProviderId, Requests.Installation, Ct);
        await Cloud.Open().DeleteAsync(machine.ProviderId, Requests.Installation, Ct);
        Assert.That(Simulated.Ec2.Calls.Count("TerminateInstances"), Is.EqualTo(1));
    }

    [Test]
    public async Task Delete_LeadershipLostDuringTheReRead_TerminatesNothing()
    {
        var machine = await CreateAsync("node-1");
        var fault = Assert.ThrowsAsync<DriverException>(() => Simulated.Open(SimulatedEc2.Keys, new WriteFence(() => false)).DeleteAsync(machine.ProviderId, Requests.Installation, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, false)));
        Assert.That(Simulated.Ec2.Calls.Count("TerminateInstances"), Is.Zero);
    }

    [Test]
    public async Task Claim_LeadershipLostDuringTheReRead_TagsNothing()
    {
        var machine = await CreateAsync("node-1");
        var fault = Assert.ThrowsAsync<DriverException>(() => Simulated.Open(SimulatedEc2.Keys, new WriteFence(() => false)).ClaimAsync(machine.ProviderId, machine.Marks!, new MachineMarks("i", "p", "n", 1), Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, false)));
        Assert.That(Simulated.Ec2.Calls.Count("CreateTags"), Is.Zero);
    }

    [Test]
    public async Task Claim_Again_TagsOnce()
    {
        var machine = await CreateAsync("node-1");
        var to = new MachineMarks(Requests.Installation, "pool-2", "node-2", 1);
        await Cloud.Open().ClaimAsync(machine.ProviderId, machine.Marks!, to, Ct);
        await Cloud.Open().ClaimAsync(machine.ProviderId, machine.Marks!, to, Ct);
        Assert.That(Simulated.Ec2.Calls.Count("CreateTags"), Is.EqualTo(1));
        Assert.That(Simulated.Ec2.Instances.Single(i => i.ThroughApi).Tags.Keys, Is.SupersetOf(new[] { "Name", "team", "cost" }), "the others stay");
    }

    [TestCase(30, DriverFault.Unavailable)]
    [TestCase(90, DriverFault.BadSettings)]
    public async Task Create_OurGroupIsNotFound_PassesAtFirstAndThenWaitsForAHuman(int secondsAfterOpening, DriverFault expected)
    {
        await using var server = await ScriptedEc2.StartAsync(Ct);
        server.Then(400, ScriptedEc2.Error("InvalidGroup.NotFound", "The security group 'sg-1' does not exist"));
        using var driver = server.Driver(SimulatedEc2.Keys, NullLoggerFactory.Instance);
        var details = new Dictionary<string, string> { ["subnet"] = "subnet-1", ["zone"] = "eu-west-1a", ["rootDevice"] = "/dev/xvda" };
        var request = Requests.Of(server.Settings, Cloud.Offering, new ResolvedOffering("ami-1", details), "node-1");
        request = request with { Attempt = request.Attempt with { Firewalls = ["sg-1"], OpenedAt = server.Time.GetUtcNow() } };
        server.Time.Advance(TimeSpan.FromSeconds(secondsAfterOpening));
        var fault = Assert.ThrowsAsync<DriverException>(() => driver.CreateAsync(request, Ct));
        Assert.That((fault.Fault, fault.Code, fault.OutcomeUnknown), Is.EqualTo((expected, "InvalidGroup.NotFound", false)));
    }

    [Test]
    public async Task Create_UsersGroupIsNotFound_WaitsForAHumanAtOnce()
    {
        await using var server = await ScriptedEc2.StartAsync(Ct);
        server.Then(400, ScriptedEc2.Error("InvalidGroup.NotFound", "The security group 'sg-1' does not exist"));
        using var driver = server.Driver(SimulatedEc2.Keys, NullLoggerFactory.Instance);
        var details = new Dictionary<string, string> { ["subnet"] = "subnet-1", ["zone"] = "eu-west-1a", ["rootDevice"] = "/dev/xvda" };
        var request = Requests.Of(server.Settings with { SecurityGroupIds = ["sg-1"] }, Cloud.Offering, new ResolvedOffering("ami-1", details), "node-1");
        var fault = Assert.ThrowsAsync<DriverException>(() => driver.CreateAsync(request with { Attempt = request.Attempt with { OpenedAt = server.Time.GetUtcNow() } }, Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.BadSettings));
    }

    [Test]
    public async Task Delete_ProtectedAgainstTermination_BadSettingsThatSaysWhatToDo()
    {
        await using var server = await ScriptedEc2.StartAsync(Ct);
        const string Instance = """
            <DescribeInstancesResponse><reservationSet><item><instancesSet><item>
              <instanceId>i-0123456789abcdef0</instanceId><instanceState><code>16</code></instanceState>
              <tagSet><item><key>kontena-installation</key><value>installation-1</value></item></tagSet>
            </item></instancesSet></item></reservationSet></DescribeInstancesResponse>
            """;
        server.Then(200, Instance)
            .Then(400, ScriptedEc2.Error("OperationNotPermitted", "The instance may not be terminated. Modify its 'disableApiTermination' attribute and try again."));
        using var driver = server.Driver(SimulatedEc2.Keys, NullLoggerFactory.Instance);
        var fault = Assert.ThrowsAsync<DriverException>(() => driver.DeleteAsync("aws:///eu-west-1a/i-0123456789abcdef0", Requests.Installation, Ct));
        Assert.That((fault.Fault, fault.Code), Is.EqualTo((DriverFault.BadSettings, "OperationNotPermitted")));
        Assert.That(fault.Message, Does.Contain("switch it off"));
    }

    [Test]
    public async Task Find_IdOfAnotherRegion_UnknownAndNotAsked()
    {
        var lookup = await Cloud.Open().FindAsync(new MachineQuery.ById("aws:///us-east-1a/i-0123456789abcdef0"), Ct);
        Assert.That((lookup as Lookup.Unknown)?.Fault, Is.EqualTo(DriverFault.BadSettings));
        Assert.That(Simulated.Ec2.Calls.Total, Is.Zero);
    }

    [Test]
    public async Task Resolve_NoZone_SpreadsNeighboursOverTheDefaultSubnets()
    {
        var driver = Cloud.Open();
        var zones = new List<string>();
        for (var spread = 0; spread < 4; spread++)
            zones.Add((await driver.ResolveAsync(Cloud.Settings, new Offering("", "t3.small"), Core.Api.OperatingSystem.Flatcar, spread, Ct)).Details["zone"]);

        Assert.That(zones, Is.EqualTo(new[] { "eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1a" }));
    }

    [TestCase("a", "eu-west-1a")]
    [TestCase("eu-west-1c", "eu-west-1c")]
    [TestCase("", "eu-west-1a")]
    public async Task Resolve_Zone_ItsDefaultSubnet(string zone, string full)
    {
        var resolved = await Cloud.Open().ResolveAsync(Cloud.Settings, new Offering(zone, "t3.small"), Core.Api.OperatingSystem.Flatcar, 0, Ct);
        Assert.That(resolved.Details, Is.EqualTo(new Dictionary<string, string>
        {
            ["subnet"] = Simulated.Ec2.SubnetId(full),
            ["zone"] = full,
            ["rootDevice"] = "/dev/xvda",
        }));
        Assert.That(resolved.Network, Does.StartWith("vpc-"));
        Assert.That(await Cloud.Open().Firewalls!.NetworksAsync(Cloud.Settings, Ct), Is.EqualTo(new[] { resolved.Network }));
    }

    [TestCase(Core.Api.OperatingSystem.Ubuntu, "ubuntu/images/*")]
    [TestCase(Core.Api.OperatingSystem.Debian, "debian-12-amd64-*")]
    [TestCase(Core.Api.OperatingSystem.Flatcar, "Flatcar-stable-*-hvm")]
    public async Task Resolve_OperatingSystem_NewestPublicImage(Core.Api.OperatingSystem operatingSystem, string pattern)
    {
        var resolved = await Cloud.Open().ResolveAsync(Cloud.Settings, Cloud.Offering, operatingSystem, 0, Ct);
        Assert.That(resolved.Image, Is.EqualTo(Simulated.Ec2.NewestImage("eu-west-1", pattern)));
    }

    [Test]
    public async Task Resolve_SubnetId_ItAndItsZone()
    {
        var subnet = Simulated.Ec2.SubnetId("eu-west-1b");
        var resolved = await Cloud.Open().ResolveAsync(Cloud.Settings, new Offering(subnet, "t3.small"), Core.Api.OperatingSystem.Ubuntu, 0, Ct);
        Assert.That((resolved.Details["subnet"], resolved.Details["zone"]), Is.EqualTo((subnet, "eu-west-1b")));
    }

    [TestCase("d", "Zone eu-west-1d has no default subnet")]
    [TestCase("subnet-0123456789abcdef0", "subnet-0123456789abcdef0")]
    public void Resolve_UnknownPlace_BadSettingsThatSaysWhatToDo(string zone, string message)
    {
        var fault = Assert.ThrowsAsync<DriverException>(() =>
            Cloud.Open().ResolveAsync(Cloud.Settings, new Offering(zone, "t3.small"), Core.Api.OperatingSystem.Ubuntu, 0, Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.BadSettings));
        Assert.That(fault.Message, Does.Contain(message).And.Contain("spec.provider.aws.subnets"));
    }

    [Test]
    public void Resolve_UnknownImage_BadSettingsThatSaysWhatToDo()
    {
        var aws = Simulated.Aws with { Image = new() { Id = "ami-0123456789abcdef0" } };
        var fault = Assert.ThrowsAsync<DriverException>(() => Cloud.Open().ResolveAsync(aws, Cloud.Offering, Core.Api.OperatingSystem.Ubuntu, 0, Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.BadSettings));
        Assert.That(fault.Message, Does.Contain("ami-0123456789abcdef0").And.Contain("spec.provider.aws.image"));
    }

    [Test]
    public void Resolve_RootVolumeSmallerThanImage_BadSettings()
    {
        var fault = Assert.ThrowsAsync<DriverException>(() => Cloud.Open().ResolveAsync(
            Simulated.Aws with { RootVolumeGiB = 8 }, Cloud.Offering, Core.Api.OperatingSystem.Flatcar, 0, Ct));
        Assert.That(fault.Message, Does.Contain("at least 9 GiB"));
    }

    [Test]
    public async Task Resolve_TwentyAtOnce_ReadsOnce()
    {
        var driver = Cloud.Open();
        Task<ResolvedOffering> Resolve() => driver.ResolveAsync(Cloud.Settings, Cloud.Offering, Core.Api.OperatingSystem.Ubuntu, 0, Ct);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Resolve()));
        Assert.That((Simulated.Ec2.Calls.Count("DescribeImages"), Simulated.Ec2.Calls.Count("DescribeSubnets")), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Resolve_AfterAFailure_ReadsAgain()
    {
        var driver = Cloud.Open();
        Simulated.Ec2.Faults.Add(new Fault { Kind = FaultKind.ServerError, Action = "DescribeImages", Count = 1 });
        Assert.ThrowsAsync<DriverException>(() => driver.ResolveAsync(Cloud.Settings, Cloud.Offering, Core.Api.OperatingSystem.Ubuntu, 0, Ct));
        var resolved = await driver.ResolveAsync(Cloud.Settings, Cloud.Offering, Core.Api.OperatingSystem.Ubuntu, 0, Ct);
        Assert.That(resolved.Image, Does.StartWith("ami-"));
    }

    [Test]
    public async Task AnyCall_ByAnAssumedRole_SignedWithTheRolesKeys()
    {
        var keys = new Dictionary<string, string>(SimulatedEc2.Keys.Data!) { ["roleARN"] = Simulated.Ec2.Options.Roles[0].Arn };
        var listing = await Simulated.Open(new ProviderCredentials("role", keys)).ListAsync(Requests.Installation, Ct);
        Assert.That(listing.Machines, Is.Empty);
        Assert.That(Simulated.Ec2.Calls.Recent.Select(c => (c.Action, c.AccessKeyId == Ec2Options.DemoAccessKeyId)),
            Is.EqualTo(new[] { ("AssumeRole", true), ("DescribeInstances", false) }));
    }

    [Test]
    public void AnyCall_RoleThatMayNotBeAssumed_NotAllowedAndNamesTheRole()
    {
        var keys = new Dictionary<string, string>(SimulatedEc2.Keys.Data!) { ["roleARN"] = "arn:aws:iam::000000000000:role/other" };
        var fault = Assert.ThrowsAsync<DriverException>(() => Simulated.Open(new ProviderCredentials("role", keys)).ListAsync(Requests.Installation, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.NotAllowed, false)));
        Assert.That(fault.Message, Does.Contain("AssumeRole").And.Contain("role/other"));
    }

    [Test]
    public void AnyCall_WrongSecret_NotAllowed()
    {
        var keys = new Dictionary<string, string>(SimulatedEc2.Keys.Data!) { ["secretAccessKey"] = Canary.Of("not-the-secret") };
        var fault = Assert.ThrowsAsync<DriverException>(() => Simulated.Open(new ProviderCredentials("wrong", keys)).ListAsync(Requests.Installation, Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.NotAllowed));
    }

    private void AddMany(int count)
    {
        for (var i = 0; i < count; i++)
            Simulated.Ec2.LaunchForeign(new ForeignInstance { Region = "eu-west-1", Tags = new Dictionary<string, string> { ["kontena-installation"] = Requests.Installation } });
    }
}
