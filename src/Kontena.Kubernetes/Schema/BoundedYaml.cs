using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Kontena.Kubernetes.Schema;

/// <summary>
/// Loads YAML within bounds that YamlDotNet's own model has not: it reads nested values by recursion, where some ten thousand
/// brackets end the process, and takes any value for a key, whose hash is as large as its aliases make it.
/// </summary>
internal static class BoundedYaml
{
    /// <summary>Deeper than any manifest.</summary>
    public const int MostDepth = 64;

    /// <exception cref="YamlException">The text is not YAML, or is out of bounds.</exception>
    public static YamlStream Load(string yaml)
    {
        var stream = new YamlStream();
        var parser = new Parser(new StringReader(yaml));
        try
        {
            stream.Load(new BoundedParser(parser));
            return stream;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or OverflowException)
        {
            // YamlDotNet loses its footing on some broken texts; that is the text's fault too.
            var at = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "the text cannot be read as YAML", e);
        }
    }

    private sealed class BoundedParser(IParser parser) : IParser
    {
        // One entry for each open list or mapping; in a mapping, whether its next node is a key.
        private readonly Stack<(bool Mapping, bool Key)> open = new();

        public ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            if (!parser.MoveNext()) return false;
            if (parser.Current is { } now) Check(now);
            return true;
        }

        private void Check(ParsingEvent now)
        {
            if (now is MappingEnd or SequenceEnd) open.Pop();
            if (now is not (NodeEvent or AnchorAlias)) return;
            if (open.TryPop(out var parent))
            {
                if (parent.Key && now is not Scalar) throw new YamlException(now.Start, now.End, "a key is not text");
                open.Push(parent with { Key = parent.Mapping && !parent.Key });
            }
            if (now is not (MappingStart or SequenceStart)) return;
            open.Push((now is MappingStart, now is MappingStart));
            if (open.Count > MostDepth) throw new YamlException(now.Start, now.End, $"nested deeper than {MostDepth}");
        }
    }
}
