using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;
using Kontena.TestKit;

namespace Kontena.Operator.Tests.Resources;

public sealed class SamplesTests
{
    private static readonly string folder = Path.Combine(RepositoryFolders.Root, "samples");

    public static IEnumerable<TestCaseData> Resources =>
        Files().SelectMany(f => Documents(f).Select(d => new TestCaseData(d)
            .SetArgDisplayNames($"{Path.GetFileName(f)} {d["kind"]} {d["metadata"]!["name"]}")));

    public static IEnumerable<string> Files() => Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal);

    [Test]
    public void Folder_EveryProvider_HasASample()
    {
        var shown = Files().SelectMany(Documents).Where(d => (string?)d["kind"] == "NodePool")
            .SelectMany(d => d["spec"]!["provider"]!.AsObject().Select(p => p.Key)).Distinct();
        Assert.That(shown, Is.EquivalentTo(JsonNames.Properties(typeof(ProviderSpec)).Select(JsonNames.Of)));
    }

    [TestCaseSource(nameof(Resources))]
    public void Sample_Resource_IsValid(JsonObject resource)
    {
        switch ((string?)resource["kind"])
        {
            case "NodePool":
                Assert.That((string?)resource["apiVersion"], Is.EqualTo("kontena.io/v1alpha1"));
                Assert.That(UnknownFields.In(resource, CustomResources.Schema("NodePool")!), Is.Empty);
                var pool = KontenaJson.Read<NodePool>(resource);
                Assert.That(Validation.Check(pool.Metadata.Name!, pool.Spec, old: null), Is.Empty);
                break;
            case "Grid":
                Assert.That((string?)resource["apiVersion"], Is.EqualTo("kontena.io/v1alpha1"));
                Assert.That(UnknownFields.In(resource, CustomResources.Schema("Grid")!), Is.Empty);
                Assert.That(Validation.CheckGrid(KontenaJson.Read<Grid>(resource).Spec, old: null), Is.Empty);
                break;
            case "Secret":
                Assert.That((string?)resource["apiVersion"], Is.EqualTo("v1"));
                Assert.That(resource["data"], Is.Null, "a sample is read by people: stringData");
                break;
            default:
                Assert.Fail($"{resource["kind"]} is none of our samples' kinds");
                break;
        }
    }

    [TestCaseSource(nameof(Files))]
    public void Sample_EverySecretAndGridThatIsNamed_IsInItsFile(string file)
    {
        var documents = Documents(file);
        var secrets = documents.Where(d => (string?)d["kind"] == "Secret").Select(d => (string)d["metadata"]!["name"]!).ToList();
        var pools = documents.Where(d => (string?)d["kind"] == "NodePool").Select(d => KontenaJson.Read<NodePool>(d).Spec).ToList();
        var named = pools.Select(p => p.Provider.Settings.CredentialsSecret).Concat(pools.Select(p => p.Template.UserData?.SecretRef?.Name)).OfType<string>();
        var grids = documents.Where(d => (string?)d["kind"] == "Grid").Select(d => KontenaJson.Read<Grid>(d)).ToList();
        var masters = grids.SelectMany(g => new[] { g.Spec.Master.TokenRef.Name, g.Spec.Master.CaRef?.Name }).OfType<string>();
        Assert.That(secrets, Is.SupersetOf(named.Concat(masters).Distinct()));
        Assert.That(grids.Select(g => g.Metadata.Name), Is.SupersetOf(pools.Select(p => p.GridRef?.Name).OfType<string>()));
    }

    private static IReadOnlyList<JsonObject> Documents(string file) => YamlDocuments.Read(File.ReadAllText(file));
}
