using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Resources;

public sealed class KontenaJsonTests
{
    private const string MinimalPool =
        """{"metadata":{"name":"web"},"spec":{"provider":{"aws":{"region":"eu-west-1","instanceTypes":["t3.small"]}}},"status":{"observedGeneration":-1}}""";

    [Test]
    public void Read_MissingFields_KeepTheirInitialValues()
    {
        var pool = KontenaJson.Read<NodePool>(JsonNode.Parse(MinimalPool)!);
        Assert.That(pool.Spec.Provider.Aws!.RootVolumeGiB, Is.EqualTo(30));
        Assert.That(pool.Spec.Template.OperatingSystem, Is.EqualTo(Kontena.Operator.Core.Api.OperatingSystem.Ubuntu));
        Assert.That(pool.Spec.Removal.Order, Is.EqualTo(RemovalOrder.Newest));
        Assert.That(pool.Spec.Replicas, Is.Null);
        Assert.That(pool.Status!.Conditions, Is.Empty);
        Assert.That(pool.Status.ObservedGeneration, Is.EqualTo(-1));
    }

    [Test]
    public void Read_UnknownFields_AreIgnored() =>
        Assert.That(KontenaJson.Read<NodePool>(JsonNode.Parse(MinimalPool.Replace("\"metadata\"", "\"extra\":{\"a\":[1]},\"metadata\"", StringComparison.Ordinal))!).Metadata.Name, Is.EqualTo("web"));

    [TestCase("""{"metadata":{}}""")]
    [TestCase("""{"spec":{"provider":{"aws":{"region":"eu-west-1"}}}}""")]
    [TestCase("""{"spec":{"replicas":"3","provider":{}}}""")]
    [TestCase("""{"spec":{"provider":{},"removal":{"order":1}}}""")]
    public void Read_OtherForm_IsRefused(string document) =>
        Assert.That(() => KontenaJson.Read<NodePool>(JsonNode.Parse(document)!), Throws.InstanceOf<JsonException>());

    [Test]
    public void Write_Pool_IsWhatTheApiReads()
    {
        var pool = new NodePool
        {
            ApiVersion = "kontena.io/v1alpha1",
            Kind = "NodePool",
            Spec = new NodePoolSpec
            {
                Replicas = 0,
                Provider = new ProviderSpec { Aws = new AwsSettings { Region = "eu-west-1", InstanceTypes = ["t3.small"] } },
                Removal = new RemovalSpec { Order = RemovalOrder.Oldest },
            },
        };
        Assert.That(JsonSerializer.Serialize(pool, KontenaKinds.NodePools.Json), Is.EqualTo(
            """{"apiVersion":"kontena.io/v1alpha1","kind":"NodePool","metadata":{},"spec":{"replicas":0,"paused":false,"provider":{"aws":{"region":"eu-west-1","instanceTypes":["t3.small"],"rootVolumeGiB":30,"spot":false}},"template":{"operatingSystem":"Ubuntu"},"removal":{"order":"Oldest"}}}"""));
    }

    [Test]
    public void Write_Times_AreUtcAndWholeSeconds()
    {
        var attempt = new CreateAttempt
        {
            Number = 1,
            NodeUID = "77aa",
            Token = "t",
            Type = "t3.small",
            Image = "ami-1",
            BootstrapRef = "web-0-1",
            BootstrapHash = "abc",
            OpenedAt = new DateTimeOffset(2026, 1, 2, 5, 4, 5, 678, TimeSpan.FromHours(2)),
        };
        var json = JsonSerializer.SerializeToNode(attempt, KontenaJson.Of<CreateAttempt>())!;
        Assert.That((string?)json["openedAt"], Is.EqualTo("2026-01-02T03:04:05Z"));
        Assert.That((string?)json["nodeUID"], Is.EqualTo("77aa"));
    }

    [TestCase("2026-01-02T03:04:05Z")]
    [TestCase("2026-01-02T05:04:05.123456+02:00")]
    public void Read_Times_TakesAnyRfc3339(string text)
    {
        var condition = KontenaJson.Read<Condition>(new JsonObject
        {
            ["type"] = "Ready",
            ["status"] = "True",
            ["reason"] = "R",
            ["message"] = "m",
            ["lastTransitionTime"] = text,
        });
        Assert.That(condition.LastTransitionTime.ToUniversalTime().ToString("s"), Is.EqualTo("2026-01-02T03:04:05"));
    }

    [Test]
    public void Kinds_Names_AreThoseOfTheCrds() =>
        Assert.That(
            new[] { KontenaKinds.NodePools.ToString(), KontenaKinds.KontenaNodes.ToString(), KontenaKinds.Grids.ToString() },
            Is.EqualTo(CustomResources.All().Select(c => (string?)c["metadata"]!["name"])));
}
