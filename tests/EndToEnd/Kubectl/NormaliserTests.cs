using System.Text.Json.Nodes;

namespace Kontena.EndToEnd.Kubectl;

public sealed class NormaliserTests
{
    [Test]
    public void Text_Table_HidesAgesAndWidths()
    {
        var normaliser = new Normaliser();
        normaliser.Hide("test-12-3", "NS");

        var text = normaliser.Text("NAMESPACE   NAME    DESIRED   AGE  \ntest-12-3   web-3m  3         3m21s\n");

        Assert.That(text, Is.EqualTo("NAMESPACE  NAME  DESIRED  AGE\nNS  web-3m  3  AGE\n"));
    }

    [Test]
    public void Text_UidsTimesAndGeneratedNames_AreHidden() => Assert.That(
        new Normaliser().Text("generated-x7k2p 01234567-89ab-cdef-0123-456789abcdef 2026-01-02T03:04:05Z 2026-01-02T03:04:05.678901Z"),
        Is.EqualTo("generated-RANDOM UID TIME TIME"));

    [Test]
    public void Version_SameAndOther_KeepTheirIdentity()
    {
        var normaliser = new Normaliser();

        string[] symbols = [normaliser.Version("81"), normaliser.Version("97"), normaliser.Version("81")];

        Assert.That(symbols, Is.EqualTo(new[] { "V1", "V2", "V1" }));
    }

    [Test]
    public void Resource_SpecWithDefaultsAndManagedFields_IsReducedAndSorted()
    {
        var resource = JsonNode.Parse("""
            {"kind": "NodePool", "metadata": {"resourceVersion": "5", "name": "web", "managedFields": [{}]},
             "apiVersion": "kontena.io/v1alpha1", "spec": {"repair": {"after": "10m"}, "replicas": 2}}
            """)!.AsObject();

        var text = new Normaliser().Resource(resource);

        Assert.That(JsonNode.Parse(text)!.ToJsonString(), Is.EqualTo(
            """{"apiVersion":"kontena.io/v1alpha1","kind":"NodePool","metadata":{"name":"web","resourceVersion":"V1"},"spec":{"replicas":2}}"""));
    }
}
