using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Tests.Shared;
using Kontena.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Providers.Tests;

public sealed class DriversTests
{
    private static readonly AwsSettings ireland = new() { Region = "eu-west-1", InstanceTypes = ["t3.small"] };
    private readonly ManualTime time = new();
    private int opened;

    [Test]
    public async Task Open_SameScopeAndCredentials_SameAccount()
    {
        await using var drivers = Drivers();
        var first = await drivers.OpenAsync(ireland, ProviderCredentials.Ambient);
        var second = await drivers.OpenAsync(ireland with { InstanceTypes = ["m5.large"], Spot = true }, ProviderCredentials.Ambient);
        Assert.That(second, Is.SameAs(first));
    }

    [Test]
    public async Task Open_OtherRegionEndpointOrCredentials_OtherAccount()
    {
        await using var drivers = Drivers();
        await drivers.OpenAsync(ireland, ProviderCredentials.Ambient);
        await drivers.OpenAsync(ireland with { Region = "us-east-1" }, ProviderCredentials.Ambient);
        await drivers.OpenAsync(ireland with { Endpoint = "http://127.0.0.1:1/" }, ProviderCredentials.Ambient);
        await drivers.OpenAsync(ireland, new ProviderCredentials("uid/1", new Dictionary<string, string>()));
        await drivers.OpenAsync(ireland, new ProviderCredentials("uid/2", new Dictionary<string, string>()));
        Assert.That((opened, drivers.Count), Is.EqualTo((5, 5)));
    }

    [Test]
    public async Task Open_OldCredentialsIdle_AreClosed()
    {
        await using var drivers = Drivers();
        await drivers.OpenAsync(ireland, new ProviderCredentials("uid/1", new Dictionary<string, string>()));
        time.Advance(TimeSpan.FromMinutes(6));
        await drivers.OpenAsync(ireland, new ProviderCredentials("uid/2", new Dictionary<string, string>()));
        Assert.That(drivers.Count, Is.EqualTo(2));
        time.Advance(TimeSpan.FromMinutes(6));
        await drivers.OpenAsync(ireland, new ProviderCredentials("uid/2", new Dictionary<string, string>()));
        Assert.That(drivers.Count, Is.EqualTo(1));
    }

    [TestCase("accessKeyID", "secretAccessKey")]
    [TestCase("secretAccessKey", "accessKeyID")]
    public void Open_KeyMissing_NotAllowedNamesTheKeyAndNoValue(string missing, string present)
    {
        var credentials = new ProviderCredentials("uid/1", new Dictionary<string, string> { [present] = "canary-value", [missing] = " " });
        var environment = new DriverEnvironment(time, NullLoggerFactory.Instance, Requests.Installation);
        var fault = Assert.Throws<DriverException>(() => ProviderCatalog.Open(ireland, credentials, environment));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.NotAllowed));
        Assert.That(fault.ToString(), Does.Contain($"the key {missing} is missing").And.Not.Contain("canary-value"));
    }

    // AWS launches: 2 a second, 5 at once.
    [TestCase(1, 5)]
    [TestCase(0.5, 2)]
    [TestCase(0.01, 1)]
    [TestCase(3, 15)]
    public async Task Create_AtAPace_SendsThatManyAtOnce(double pace, int expected)
    {
        var driver = new ScriptedDriver().Then(ScriptedDriver.Machine);
        await using var drivers = new Drivers(new DriverEnvironment(time, NullLoggerFactory.Instance, Requests.Installation) { Pace = pace }, (_, _, _) => driver);
        var account = await drivers.OpenAsync(ireland, ProviderCredentials.Ambient);
        var request = Requests.Of(ireland, new Offering("a", "t3.small"), new ResolvedOffering("ami", new Dictionary<string, string>()), "node-1");
        var calls = Enumerable.Range(0, 20).Select(_ => account.Driver.CreateAsync(request, CancellationToken.None)).ToList();
        Assert.That(driver.Calls, Is.EqualTo(expected));
        Assert.That(calls.Count(c => c.IsCompletedSuccessfully), Is.EqualTo(expected));
    }

    private Drivers Drivers() => new(new DriverEnvironment(time, NullLoggerFactory.Instance, Requests.Installation), (_, _, _) =>
    {
        opened++;
        return new ScriptedDriver();
    });
}
