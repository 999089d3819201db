using System.Text.RegularExpressions;
using Kontena.TestKit;

namespace Kontena.Fuzz.Engine;

/// <summary>The inputs of a target that are kept: seeds, and all that once failed.</summary>
internal sealed partial class Corpus(string target)
{
    private readonly string folder = Path.Combine(RepositoryFolders.Root, "tests", "Fuzz", "corpus", target);

    /// <summary>In the order of their names, so that a seed of the generator means the same everywhere.</summary>
    public IReadOnlyList<string> Files => [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];

    public IReadOnlyList<byte[]> Inputs => [.. Files.Select(File.ReadAllBytes)];

    /// <summary>Keeps a failing input under a name that says how it failed.</summary>
    public string Keep(byte[] input, string why, string origin)
    {
        var words = NotAWord().Replace(why, "-").Trim('-');
        var file = Path.Combine(folder, $"{(words.Length > 60 ? words[..60].Trim('-') : words)}-{origin}".ToLowerInvariant());
        File.WriteAllBytes(file, input);
        return file;
    }

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotAWord();
}
