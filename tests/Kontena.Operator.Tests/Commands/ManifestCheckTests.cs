using Kontena.Kubernetes.Schema;
using Kontena.Operator.Commands;

namespace Kontena.Operator.Tests.Commands;

public sealed class ManifestCheckTests
{
    private const string Pool = """
        apiVersion: kontena.io/v1alpha1
        kind: NodePool
        metadata: {name: web}
        spec: {provider: {aws: {region: eu-west-1, instanceTypes: [t3.small]}}}
        """;

    private const string Grid = """
        apiVersion: kontena.io/v1alpha1
        kind: Grid
        metadata: {name: prod}
        spec: {master: {url: "https://master.example.com", tokenRef: {name: prod}}}
        """;

    [TestCase(new[] { Pool }, "1 NodePool is valid.")]
    [TestCase(new[] { Grid }, "1 Grid is valid.")]
    [TestCase(new[] { Pool, Grid, Grid }, "1 NodePool and 2 Grids are valid.")]
    [TestCase(new[] { "kind: Secret\napiVersion: v1" }, "0 NodePools are valid.")]
    public async Task Run_AllValid_CountsThem(string[] documents, string verdict)
    {
        var (code, output, error) = await RunAsync(string.Join("\n---\n", documents));
        Assert.That((code, output.TrimEnd(), error), Is.EqualTo((0, verdict, "")));
    }

    [Test]
    public async Task Run_BadGrid_NamesFieldAndGrid()
    {
        var (code, _, error) = await RunAsync(Grid.Replace("https://", "ftp://", StringComparison.Ordinal).Replace("spec: {", "spec: {size: 3, ", StringComparison.Ordinal));
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain("Grid prod: spec.size: unknown field").And.Contain("Grid prod: spec.master.url:"));
    }

    [Test]
    public void Problems_GridWithoutSpec_IsAnAnswer() =>
        Assert.That(ManifestCheck.Problems(YamlDocuments.Read("apiVersion: kontena.io/v1alpha1\nkind: Grid\nmetadata: {name: prod}\nspec:\n").Single()), Is.Not.Empty);

    private static async Task<(int Code, string Output, string Error)> RunAsync(string text)
    {
        var file = new FileInfo(Path.GetTempFileName());
        try
        {
            await File.WriteAllTextAsync(file.FullName, text);
            var (output, error) = (new StringWriter(), new StringWriter());
            var code = await ManifestCheck.RunAsync([file], output, error, TestContext.CurrentContext.CancellationToken);
            return (code, output.ToString(), error.ToString());
        }
        finally
        {
            file.Delete();
        }
    }
}
