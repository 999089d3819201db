using Kontena.EndToEnd.Secrets;
using Kontena.TestKit;

namespace Kontena.EndToEnd.Demo;

/// <summary>The first command that anybody types, as a process, with every sample that comes with it.</summary>
public sealed class DemoTests
{
    private static readonly string samples = Path.Combine(RepositoryFolders.Root, "samples");

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    /// <summary>A clone never is, which is what its sample shows; the private subnets are somebody's own; and there are two pools of the name web.</summary>
    [Test]
    [CancelAfter(180_000)]
    public async Task Samples_AtTheDemo_AreReady()
    {
        string[] ready = [.. Directory.GetFiles(samples, "*.yaml").Select(f => Path.GetFileName(f)!).Except(["cloned-image.yaml", "aws-private.yaml", "aws.yaml"]).Order(StringComparer.Ordinal)];
        await using var demo = OperatorProcess.Start(["demo", "--once", "--plain", "--timeout", "150", "--boot-seconds", "0", .. ready.Select(f => Path.Combine(samples, f))]);

        var code = await demo.ExitAsync(TimeSpan.FromSeconds(170), Ct);

        // Without the one with the Master's token in it, which would be in the test's own output otherwise.
        string[] said = [.. demo.Lines.Where(l => !l.Contains("curl", StringComparison.Ordinal))];
        Assert.That(code, Is.Zero, string.Join('\n', said));
        Assert.That(said, Has.Some.Contains("kubectl describe nodepool batch"));
        foreach (var pool in new[] { "web", "front", "vault", "batch" }) Assert.That(said, Has.Some.Match($" {pool} ([0-9]+)/\\1 ready  AllReady: "), $"{string.Join(' ', ready)}: {pool}\n{string.Join('\n', said)}");
    }

    [TestCase("kind: Pod\nmetadata:\n  name: a\n", "the demo applies Secrets, Grids and NodePools, and no Pod")]
    [TestCase("kind: Secret\nmetadata:\n  name: a\ndata:\n  token: not!base64\n", "Secret a: data takes base64 text, stringData plain text")]
    [CancelAfter(60_000)]
    public async Task FileThatCannotBeApplied_IsSaid_BeforeAnythingStarts(string text, string said)
    {
        var folder = Directory.CreateTempSubdirectory("kontena-demo-test-");
        try
        {
            var file = Path.Combine(folder.FullName, "mine.yaml");
            await File.WriteAllTextAsync(file, $"apiVersion: v1\n{text}", Ct);
            await using var demo = OperatorProcess.Start("demo", "--once", file);

            Assert.That(await demo.ExitAsync(TimeSpan.FromSeconds(50), Ct), Is.EqualTo(2));
            Assert.That(string.Join('\n', demo.Lines), Does.Contain($"mine.yaml: {said}").And.Not.Contains("KUBECONFIG"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
