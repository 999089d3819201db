using System.Text;
using Kontena.Operator.Core.Bootstrap;
using Kontena.TestKit;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>Every kind of user-data, written out. <c>KONTENA_RECORD_GOLDENS=1</c> writes the files anew; read the difference before it is committed.</summary>
public sealed class GoldenTests
{
    private static readonly string folder = Path.Combine(RepositoryFolders.Root, "tests", "Kontena.Operator.Core.Tests", "Bootstrap", "golden");

    private static IReadOnlyList<BootstrapCase> Cases => BootstrapCase.All;

    [TestCaseSource(nameof(Cases))]
    public void Render_Case_IsTheGoldenFile(BootstrapCase @case) => Check(@case.Name, BootstrapData.Render(@case.Input));

    [TestCase("ubuntu-everything")]
    [TestCase("ubuntu-pinned-preferred")]
    public void ComposeFile_Case_IsTheGoldenFile(string name)
    {
        var input = BootstrapCase.All.Single(c => c.Name == name).Input;
        Check($"compose-{name}", ComposeFile.Render(input.Agent!, input.Template));
    }

    [Test]
    public void Goldens_EachFile_BelongsToACase() =>
        Assert.That(
            Directory.EnumerateFiles(folder).Select(Path.GetFileName).Where(f => !f!.StartsWith("compose-", StringComparison.Ordinal)),
            Is.EquivalentTo(Cases.Select(c => c.Name + ".txt")));

    private static void Check(string name, byte[] rendered)
    {
        var path = Path.Combine(folder, $"{name}.txt");
        if (Environment.GetEnvironmentVariable("KONTENA_RECORD_GOLDENS") == "1") File.WriteAllBytes(path, rendered);
        Assert.That(Encoding.UTF8.GetString(rendered), Is.EqualTo(File.ReadAllText(path)));
    }
}
