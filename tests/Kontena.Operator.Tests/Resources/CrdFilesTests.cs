using Kontena.Operator.Resources;
using Kontena.TestKit;

namespace Kontena.Operator.Tests.Resources;

public sealed class CrdFilesTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("kontena-crds-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Manifests_InTheRepository_AreUpToDate()
    {
        var committed = Path.Combine(RepositoryFolders.Root, "manifests/crds");
        foreach (var (name, text) in CrdFiles.Render())
            Assert.That(
                File.Exists(Path.Combine(committed, name)) ? File.ReadAllText(Path.Combine(committed, name)) : "",
                Is.EqualTo(text),
                $"manifests/crds/{name} is stale; run: dotnet run --project src/Kontena.Operator -- crds --output manifests/crds");
        Assert.That(
            Directory.EnumerateFiles(committed, "*.yaml").Select(Path.GetFileName).Where(n => n != "kustomization.yaml"),
            Is.EquivalentTo(CrdFiles.Render().Select(f => f.Name)), "a file of a kind that is gone");
    }

    [Test]
    public void Write_EmptyFolder_MakesOneFileAKind() =>
        Assert.That(
            CrdFiles.Write(Path.Combine(folder, "new")).Select(Path.GetFileName),
            Is.EqualTo(new[] { "kontena.io_nodepools.yaml", "kontena.io_kontenanodes.yaml", "kontena.io_grids.yaml" }));

    [Test]
    public void Write_UnchangedFile_IsLeftAlone()
    {
        var path = CrdFiles.Write(folder)[0];
        var past = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, past);
        CrdFiles.Write(folder);
        Assert.That(File.GetLastWriteTimeUtc(path), Is.EqualTo(past));
    }

    [Test]
    public void Write_ChangedFile_IsMended()
    {
        var path = CrdFiles.Write(folder)[0];
        var text = File.ReadAllText(path);
        File.WriteAllText(path, "stale");
        CrdFiles.Write(folder);
        Assert.That(File.ReadAllText(path), Is.EqualTo(text));
    }
}
