using YamlDotNet.RepresentationModel;

namespace Kontena.Kubernetes.Schema;

/// <summary>
/// Counts what is read again through an alias: ten lines of aliases to aliases say a billion values
/// (https://en.wikipedia.org/wiki/Billion_laughs_attack).
/// </summary>
internal sealed class AliasBound
{
    public const int MostRepeated = 10_000;

    private readonly HashSet<YamlNode> seen = new(ReferenceEqualityComparer.Instance);
    private int repeated;

    /// <summary>False where one value too many is a repetition.</summary>
    public bool Admits(YamlNode node) => seen.Add(node) || ++repeated <= MostRepeated;
}
