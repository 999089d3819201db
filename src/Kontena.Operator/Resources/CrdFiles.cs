using Kontena.Kubernetes.Schema;

namespace Kontena.Operator.Resources;

/// <summary>The CRDs as files: <c>manifests/crds</c>.</summary>
public static class CrdFiles
{
    private const string Heading = "# Generated from the records in src/Kontena.Operator.Core/Api. Do not edit; run:\n#   dotnet run --project src/Kontena.Operator -- crds --output manifests/crds\n";

    /// <summary>Writes one file a kind; a file that says the same already is left alone, times and all.</summary>
    /// <returns>The paths of all files, written or not, in order.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var files = Render().Select(f => (Path: Path.Combine(folder, f.Name), f.Text)).ToList();
        foreach (var (path, text) in files)
            if (!File.Exists(path) || File.ReadAllText(path) != text)
                File.WriteAllText(path, text);
        return [.. files.Select(f => f.Path)];
    }

    /// <summary>File names, such as <c>kontena.io_nodepools.yaml</c>, and contents.</summary>
    public static IReadOnlyList<(string Name, string Text)> Render() =>
    [
        .. CustomResources.All().Select(crd => (
            $"{(string?)crd["spec"]?["group"]}_{(string?)crd["spec"]?["names"]?["plural"]}.yaml",
            Heading + CrdYaml.Write(crd))),
    ];
}
