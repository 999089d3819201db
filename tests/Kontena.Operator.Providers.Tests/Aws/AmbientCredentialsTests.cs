using Kontena.Operator.Core.Machines;
using Kontena.Simulator.Ec2;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>The runtime's own chain, by what it finds in the environment. Alone, because the environment is the process's.</summary>
[NonParallelizable]
public sealed class AmbientCredentialsTests
{
    private static readonly string[] names =
    [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_EC2_METADATA_DISABLED", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE",
    ];

    private readonly Dictionary<string, string?> before = names.ToDictionary(n => n, Environment.GetEnvironmentVariable);
    private SimulatedEc2 cloud = null!;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task StartAsync()
    {
        foreach (var name in names) Environment.SetEnvironmentVariable(name, null);
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", "/nonexistent");
        cloud = await SimulatedEc2.StartAsync(Ct);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await cloud.DisposeAsync();
        foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
    }

    [Test]
    public async Task List_KeysInTheEnvironment_SignedWithThem()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", Ec2Options.DemoAccessKeyId);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", Ec2Options.DemoSecretAccessKey);
        Assert.That((await cloud.Open(ProviderCredentials.Ambient).ListAsync(Requests.Installation, Ct)).Machines, Is.Empty);
    }

    [Test]
    public async Task List_RoleAloneInTheSecret_AssumedWithTheEnvironmentsKeys()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", Ec2Options.DemoAccessKeyId);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", Ec2Options.DemoSecretAccessKey);
        var role = new ProviderCredentials("role", new Dictionary<string, string> { ["roleARN"] = cloud.Ec2.Options.Roles[0].Arn });
        await cloud.Open(role).ListAsync(Requests.Installation, Ct);
        Assert.That(cloud.Ec2.Calls.Recent.Select(c => c.Action), Is.EqualTo(new[] { "AssumeRole", "DescribeInstances" }));
    }

    [Test]
    public void List_NothingInTheSurroundings_NotAllowedThatSaysWhatToDo()
    {
        var fault = Assert.ThrowsAsync<DriverException>(() => cloud.Open(ProviderCredentials.Ambient).ListAsync(Requests.Installation, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.NotAllowed, false)));
        Assert.That(fault.Message, Does.Contain("credentialsRef"));
        Assert.That(cloud.Ec2.Calls.Total, Is.Zero);
    }
}
