using System.Xml.Linq;
using Kontena.TestKit;

namespace Kontena.Operator.Tests.Architecture;

/// <summary>The arrows of the house: which project may know which.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Kontena.Operator.Core"] = [],
        ["Kontena.Kubernetes"] = [],
        ["Kontena.Simulator"] = [],
        ["Kontena.Standalone"] = ["Kontena.Operator.Core", "Kontena.Kubernetes"],
        ["Kontena.Operator.Providers"] = ["Kontena.Operator.Core"],
        ["Kontena.Operator"] = ["Kontena.Operator.Core", "Kontena.Kubernetes", "Kontena.Operator.Providers", "Kontena.Standalone", "Kontena.Simulator"],
    };

    /// <summary>Where words that only one cloud uses may stand: its driver, its settings, its simulator, and what names providers for people.</summary>
    private static readonly string[] CloudWords = ["RunInstances", "DescribeInstances", "ami-", "AKIA", "AmazonServiceException"];

    [Test]
    public void Projects_References_RunOnlyAlongTheArrows()
    {
        foreach (var project in Directory.EnumerateFiles(Path.Combine(RepositoryFolders.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Assert.That(MayReference, Does.ContainKey(name), "a new project needs its arrows written down here");
            Assert.That(References(project), Is.SubsetOf(MayReference[name]), name);
        }
    }

    [Test]
    public void Core_Packages_AreNone() =>
        Assert.That(XDocument.Load(Path.Combine(RepositoryFolders.Root, "src", "Kontena.Operator.Core", "Kontena.Operator.Core.csproj")).Descendants("PackageReference"), Is.Empty);

    [Test]
    public void CloudWords_OutsideTheirFolders_AreNone()
    {
        var offenders =
            from file in Directory.EnumerateFiles(Path.Combine(RepositoryFolders.Root, "src"), "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(RepositoryFolders.Root, file).Replace('\\', '/')
            where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/Aws", StringComparison.Ordinal) && !path.StartsWith("src/Kontena.Simulator/", StringComparison.Ordinal)
            let text = File.ReadAllText(file)
            from word in CloudWords
            where text.Contains(word, StringComparison.Ordinal)
            select $"{path}: {word}";
        Assert.That(offenders, Is.Empty);
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));
}
