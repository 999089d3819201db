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

        Assert.That(code, Is.Zero, string.Join('\n', demo.Lines));
        Assert.That(demo.Lines, Has.Some.Contains("kubectl describe nodepool batch"));
        foreach (var pool in new[] { "web", "front", "vault", "batch" }) Assert.That(demo.Lines, Has.Some.Contains($"{pool} ").And.Some.Contains("AllReady"), $"{string.Join(' ', ready)}: {pool}");
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task FileThatCannotBeApplied_IsSaid_BeforeAnythingStarts()
    {
        var folder = Directory.CreateTempSubdirectory("kontena-demo-test-");
        try
        {
            var file = Path.Combine(folder.FullName, "pods.yaml");
            await File.WriteAllTextAsync(file, "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n", Ct);
            await using var demo = OperatorProcess.Start("demo", "--once", file);

            Assert.That(await demo.ExitAsync(TimeSpan.FromSeconds(50), Ct), Is.EqualTo(2));
            Assert.That(string.Join('\n', demo.Lines), Does.Contain("pods.yaml: the demo applies Secrets, Grids and NodePools, and no Pod").And.Not.Contains("KUBECONFIG"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
