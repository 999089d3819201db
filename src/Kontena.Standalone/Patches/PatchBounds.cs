namespace Kontena.Standalone.Patches;

/// <summary>
/// What one JSON patch may make of a document: forty copies of the root into itself would fill any memory, and a document deeper
/// than <see cref="JsonText.MaxDepth"/> could be stored but never read again.
/// </summary>
internal sealed class PatchBounds
{
    // All copies together, as kube-apiserver's AccumulatedCopySizeLimit: the size of a request.
    private const long MostCopied = 3 << 20;

    // About what a value costs beside its text.
    private const int ValueWeight = 16;

    private long copied;

    /// <exception cref="PatchException">The value lies too deep.</exception>
    public static JsonNode? Admit(string[] path, JsonNode? value)
    {
        Weigh(value, path.Length, long.MaxValue);
        return value;
    }

    /// <exception cref="PatchException">The value lies too deep, or too much was copied.</exception>
    public JsonNode? AdmitCopy(string[] path, JsonNode? value)
    {
        copied += Weigh(value, path.Length, MostCopied - copied);
        return value;
    }

    private static long Weigh(JsonNode? node, int depth, long most)
    {
        if (depth > JsonText.MaxDepth) throw new PatchException($"the patch makes the document deeper than {JsonText.MaxDepth}");
        long weight = ValueWeight;
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, value) in map) weight += name.Length + Weigh(value, depth + 1, most - weight);
                break;
            case JsonArray list:
                foreach (var item in list) weight += Weigh(item, depth + 1, most - weight);
                break;
            default:
                weight += node.Text()?.Length ?? 0;
                break;
        }
        return weight <= most ? weight : throw new PatchException($"the patch makes copies of more than {MostCopied} bytes");
    }
}
