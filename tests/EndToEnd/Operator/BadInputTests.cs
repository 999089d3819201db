using System.Text.Json.Nodes;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Simulator.Ec2;

namespace Kontena.EndToEnd.Operator;

/// <summary>Input that only shows to be wrong at run time: the pool says what to do, asks no more than once in a while, and goes on when it is mended.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class BadInputTests(SceneEngine engine) : OperatorTests(engine)
{
    /// <summary>Name, what is wrong, reason, what the message mentions, the patch of the aws block that mends it.</summary>
    private static IEnumerable<TestCaseData> Settings()
    {
        yield return Case("UnknownImage", aws => aws with { Image = new AwsImage { Id = "ami-0123456789abcdef0" } }, "spec.provider.aws.image", """{"image": null}""");
        yield return Case("ImageNameThatFitsNone", aws => aws with { Image = new AwsImage { Name = "no-such-image-*" } }, "no-such-image-*", """{"image": null}""");
        yield return Case("UnknownZone", aws => aws with { Zones = ["q"] }, "eu-west-1q", """{"zones": ["a"]}""");
        yield return Case("UnknownSubnet", aws => aws with { Zones = null, Subnets = ["subnet-0123456789abcdef0"] }, "subnet-0123456789abcdef0", """{"subnets": null, "zones": ["a"]}""");
        yield return Case("UnknownType", aws => aws with { InstanceTypes = ["t9.gigantic"] }, "t9.gigantic", """{"instanceTypes": ["t3.small"]}""");
        yield return Case("UnknownKeyPair", aws => aws with { KeyName = "nobody" }, "spec.provider.aws.keyName", """{"keyName": "kontena"}""");

        static TestCaseData Case(string name, Func<AwsSettings, AwsSettings> wrong, string mention, string mend) =>
            new(wrong, mention, mend) { TestName = $"{nameof(WrongSetting_StalledWithAdvice_NoStorm_MendedPoolIsReady)}({name})" };
    }

    [TestCaseSource(nameof(Settings))]
    public async Task WrongSetting_StalledWithAdvice_NoStorm_MendedPoolIsReady(Func<AwsSettings, AwsSettings> wrong, string mention, string mend)
    {
        var scene = await PlayAsync();
        var elsewhere = await scene.AddCloudAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2, wrong);
        await scene.Objects.PoolAsync(elsewhere, "other", 1);

        await scene.Waits.StalledAsync("web", "BadSettings");
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync("web")).Count(IsStalled) == 2, "both nodes say so");
        await NoStormAsync(scene);

        var stalled = await scene.Waits.PoolAsync("web", "Stalled", "True", "BadSettings");
        Assert.That(stalled.Message, Does.Contain(mention));
        Assert.That(scene.Machines.Count(m => m.Tags["Name"].StartsWith("web", StringComparison.Ordinal)), Is.Zero);
        await AtMostOneEventAsync(scene, "BadSettings");
        await scene.Waits.ReadyAsync("other", 1);

        await scene.Objects.EditAwsAsync("web", JsonNode.Parse(mend)!.AsObject());
        await scene.Waits.ReadyAsync("web", 2);
        Assert.That(scene.Living, Has.Count.EqualTo(3));
        Assert.That((await scene.Objects.PoolAsync("web")).Status!.UpdatedReplicas, Is.EqualTo(2));
    }

    [Test]
    public async Task CredentialsSecretMissing_StalledWithoutACall_GoesOnOnceItIsThere()
    {
        var scene = await OpenAsync();
        await scene.StartOperatorAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);

        await scene.Waits.StalledAsync("web", "CredentialsMissing");

        var stalled = await scene.Waits.PoolAsync("web", "Stalled", "True", "CredentialsMissing");
        Assert.That(stalled.Message, Does.Contain($"{scene.Namespace}/aws").And.Contain("Create it"));
        Assert.That(scene.Ec2.Calls.Total, Is.Zero);
        Assert.That(await scene.Objects.NodesAsync(), Is.Empty);
        await scene.Objects.CredentialsAsync();
        await scene.Waits.ReadyAsync("web", 2);
        await AtMostOneEventAsync(scene, "CredentialsMissing");
    }

    [Test]
    public async Task SecretWithoutTheKey_StalledAndSaysWhichKey()
    {
        var scene = await OpenAsync();
        await scene.StartOperatorAsync();
        await scene.Objects.SecretAsync("aws", new Dictionary<string, string> { ["accessKeyID"] = Ec2Options.DemoAccessKeyId });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 1);

        await scene.Waits.StalledAsync("web", "CredentialsRefused");

        var stalled = await scene.Waits.PoolAsync("web", "Stalled", "True");
        Assert.That(stalled.Message, Does.Contain("secretAccessKey"));
        await scene.Objects.EditSecretAsync("aws", "secretAccessKey", Ec2Options.DemoSecretAccessKey);
        await scene.Waits.ReadyAsync("web", 1);
    }

    [Test]
    public async Task WrongKey_StalledWithoutAStorm_GoesOnOnceItIsRight()
    {
        var scene = await OpenAsync();
        await scene.Objects.CredentialsAsync(secretKey: "not-the-right-one");
        await scene.StartOperatorAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);

        await scene.Waits.StalledAsync("web", "CredentialsRefused");
        var calls = scene.Ec2.Calls.Total;
        var lines = scene.Logs.Shown.Count;
        await scene.Waits.ListingsAsync(3);

        Assert.That(scene.Ec2.Calls.Total - calls, Is.LessThanOrEqualTo(4), "one a look");
        Assert.That(scene.Logs.Shown.Skip(lines), Is.Empty);
        Assert.That(await scene.Objects.NodesAsync(), Is.Empty);
        await scene.Objects.EditSecretAsync("aws", "secretAccessKey", Ec2Options.DemoSecretAccessKey);
        await scene.Waits.ReadyAsync("web", 2);
        await AtMostOneEventAsync(scene, "CredentialsRefused");
    }

    [Test]
    public async Task KeyRotatedToAWrongOne_MachinesStay_AndRotatedBack()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);

        await scene.Objects.EditSecretAsync("aws", "secretAccessKey", Canary.Of("rotated-away"));
        await scene.Waits.StalledAsync("web", "CredentialsRefused");
        await scene.Objects.DeleteNodeAsync("web-0");
        await scene.Waits.NodeAsync("web-0", "CredentialsRefused");

        Assert.That(scene.Living, Has.Count.EqualTo(2));
        await scene.Objects.EditSecretAsync("aws", "secretAccessKey", Ec2Options.DemoSecretAccessKey);
        await scene.Waits.UntilAsync(() => scene.Machines.Count() == 3, "web-0 is replaced");
        await scene.Waits.ReadyAsync("web", 2);
    }

    [Test]
    public async Task QuotaExhausted_StalledWithTheRestRunning_ReadyOnceFewerAreAskedFor()
    {
        var options = Usual;
        var scene = await PlayAsync(options with { Ec2 = options.Ec2 with { Quota = new Ec2Quota { Instances = 2 } } });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 4);

        await scene.Waits.StalledAsync("web", "QuotaReached");
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).Count(IsStalled) == 2 && (await scene.Objects.PoolAsync("web")).Status!.ReadyReplicas == 2, "two run, two do not");
        await NoStormAsync(scene);

        var stalled = await scene.Waits.PoolAsync("web", "Stalled", "True", "QuotaReached");
        Assert.That(stalled.Message, Does.Contain("2 of 4 nodes are ready").And.Contain("InstanceLimitExceeded"));
        await scene.Objects.ScaleAsync("web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        Assert.That(scene.Machines.Count(), Is.EqualTo(2), "those without a machine went first");
    }

    [Test]
    public async Task UserDataSecretMissing_StalledWithAdvice_GoesOnOnceItIsThere()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2, spec: s => s with { Template = UserDataFrom("boot") });

        await scene.Waits.StalledAsync("web", "BadSettings");

        var stalled = await scene.Waits.PoolAsync("web", "Stalled", "True", "BadSettings");
        Assert.That(stalled.Message, Does.Contain($"{scene.Namespace}/boot").And.Contain("Create it"));
        Assert.That(scene.Ec2.Calls.Count("RunInstances"), Is.Zero);
        await scene.Objects.SecretAsync("boot", new Dictionary<string, string> { ["userData"] = $"#cloud-config\n# {UserDataCanary}\n" });
        await scene.Waits.ReadyAsync("web", 2);
        foreach (var machine in scene.Living)
            Assert.That(System.Text.Encoding.UTF8.GetString(scene.Ec2.UserData(machine.Id)!.Value.Span), Is.EqualTo($"#cloud-config\n# {UserDataCanary}\n"));
    }

    [Test]
    public async Task UserDataTooLarge_StalledWithTheLimit_MendedPoolIsReady()
    {
        var scene = await PlayAsync();
        await scene.Objects.SecretAsync("boot", new Dictionary<string, string> { ["userData"] = $"#cloud-config\n# {UserDataCanary}\n#{new string('x', 20000)}" });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 1, spec: s => s with { Template = UserDataFrom("boot") });

        await scene.Waits.StalledAsync("web", "BadSettings");
        await NoStormAsync(scene);

        var stalled = await scene.Waits.PoolAsync("web", "Stalled", "True", "BadSettings");
        Assert.That(stalled.Message, Does.Contain("16384"));
        Assert.That(scene.Ec2.Calls.Count("RunInstances"), Is.Zero);
        await scene.Objects.EditPoolAsync("web", new JsonObject { ["template"] = new JsonObject { ["userData"] = null } });
        await scene.Waits.ReadyAsync("web", 1);
    }

    [Test]
    public async Task InlineUserData_ReachesTheMachine_AndIsSaidNowhere()
    {
        var scene = await PlayAsync();
        var text = $"#cloud-config\n# {UserDataCanary}\n";
        await scene.Objects.PoolAsync(scene.Cloud, "web", 1, spec: s => s with { Template = new TemplateSpec { UserData = new UserDataSpec { Inline = text } } });
        await scene.Waits.ReadyAsync("web", 1);

        Assert.That(System.Text.Encoding.UTF8.GetString(scene.Ec2.UserData(scene.Living[0].Id)!.Value.Span), Is.EqualTo(text));
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        // What was said is looked through after each test.
        Assert.That(scene.Logs.Lines, Is.Not.Empty);
    }

    private static TemplateSpec UserDataFrom(string secret) => new() { UserData = new UserDataSpec { SecretRef = new SecretKeyRef { Name = secret } } };

    private static bool IsStalled(KontenaNode node) => node.Status?.Conditions.Any(c => c.Type == "Stalled") == true;

    /// <summary>Over ten listings nothing is asked but the listing, and nothing written.</summary>
    private static async Task NoStormAsync(OperatorScene scene)
    {
        await scene.Waits.ListingsAsync(4);
        var others = Others();
        var writes = scene.Operator.Api.Writes.Count(w => w.Contains("web", StringComparison.Ordinal));
        await scene.Waits.ListingsAsync(10);
        Assert.That(Others(), Is.EqualTo(others));
        Assert.That(scene.Operator.Api.Writes.Count(w => w.Contains("web", StringComparison.Ordinal)), Is.EqualTo(writes));

        long Others() => scene.Ec2.Calls.Counts.Where(c => c.Key != "DescribeInstances").Sum(c => c.Value);
    }

    private static async Task AtMostOneEventAsync(OperatorScene scene, string reason)
    {
        var events = (await scene.Objects.EventsAsync()).Where(e => e.Reason == reason).ToList();
        Assert.That(events.Select(e => (e.InvolvedObject!.Uid, e.Message)), Is.Unique);
        Assert.That(events.Select(e => e.InvolvedObject!.Uid), Is.Unique, "one an object");
        Assert.That(events.Select(e => e.Count ?? 1), Is.All.EqualTo(1));
        Assert.That(events, Is.Not.Empty);
    }
}
