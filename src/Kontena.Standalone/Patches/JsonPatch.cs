using System.Globalization;

namespace Kontena.Standalone.Patches;

/// <summary>JSON Patch, RFC 6902, with JSON Pointer, RFC 6901. All operations or none.</summary>
internal static class JsonPatch
{
    // The same bound as kube-apiserver's (MaxJSONPatchOperations).
    private const int MaxOperations = 10_000;

    public static JsonNode? Apply(JsonNode? document, JsonNode? patch)
    {
        if (patch is not JsonArray operations) throw new PatchException("a JSON patch is a list of operations", malformed: true);
        if (operations.Count > MaxOperations) throw new PatchException($"a JSON patch has at most {MaxOperations} operations", malformed: true);
        var root = document?.DeepClone();
        var bounds = new PatchBounds();
        foreach (var node in operations)
        {
            if (node is not JsonObject operation) throw new PatchException("an operation is an object", malformed: true);
            root = ApplyOne(root, operation, bounds);
        }
        return root;
    }

    private static JsonNode? ApplyOne(JsonNode? root, JsonObject operation, PatchBounds bounds)
    {
        var path = Pointer(operation, "path");
        switch (operation.Text("op"))
        {
            case "add":
                return Add(root, path, PatchBounds.Admit(path, Value(operation)));
            case "remove":
                return Remove(root, path, out _);
            case "replace":
                return Replace(root, path, PatchBounds.Admit(path, Value(operation)));
            case "move":
                var from = Pointer(operation, "from");
                if (path.Length > from.Length && path.AsSpan(0, from.Length).SequenceEqual(from))
                    throw new PatchException("a value cannot move into itself");
                root = Remove(root, from, out var moved);
                // Moved up, nothing becomes deeper than it was.
                return Add(root, path, path.Length > from.Length ? PatchBounds.Admit(path, moved) : moved);
            case "copy":
                return Add(root, path, bounds.AdmitCopy(path, Find(root, Pointer(operation, "from")))?.DeepClone());
            case "test":
                var expected = Value(operation);
                // What is absent passes as null: the library of kube-apiserver has it so, RFC 6902 does not.
                if (expected is null && path.Length > 0 && Find(root, path.AsSpan(0, path.Length - 1)) is JsonObject holder && holder[path[^1]] is null) return root;
                return JsonNode.DeepEquals(Find(root, path), expected)
                    ? root
                    : throw new PatchException($"the test of {operation.Text("path")} failed");
            default:
                throw new PatchException($"unknown operation {JsonText.SerializeToString(operation["op"])}", malformed: true);
        }
    }

    private static JsonNode? Value(JsonObject operation) => operation.ContainsKey("value")
        ? operation["value"]?.DeepClone()
        : throw new PatchException("the operation has no value", malformed: true);

    private static string[] Pointer(JsonObject operation, string name)
    {
        var text = operation.Text(name) ?? throw new PatchException($"the operation has no {name}", malformed: true);
        if (text.Length == 0) return [];
        if (text[0] != '/') throw new PatchException($"{text} is not a JSON pointer");
        return [.. text[1..].Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static JsonNode? Find(JsonNode? root, ReadOnlySpan<string> path)
    {
        var node = root;
        foreach (var token in path)
        {
            node = node switch
            {
                JsonObject parent when parent.ContainsKey(token) => parent[token],
                JsonArray list => list[Index(token, list.Count - 1)],
                _ => throw Missing(path),
            };
        }
        return node;
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0) return value;
        switch (Find(root, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject parent:
                parent[path[^1]] = value;
                return root;
            case JsonArray list:
                list.Insert(path[^1] == "-" ? list.Count : Index(path[^1], list.Count), value);
                return root;
            default:
                throw Missing(path);
        }
    }

    private static JsonNode? Replace(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0) return value;
        switch (Find(root, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject parent when parent.ContainsKey(path[^1]):
                parent[path[^1]] = value;
                return root;
            case JsonArray list:
                list[Index(path[^1], list.Count - 1)] = value;
                return root;
            default:
                throw Missing(path);
        }
    }

    private static JsonNode? Remove(JsonNode? root, string[] path, out JsonNode? removed)
    {
        if (path.Length == 0)
        {
            removed = root;
            return null;
        }
        removed = Find(root, path);
        switch (Find(root, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject parent:
                parent.Remove(path[^1]);
                return root;
            case JsonArray list:
                list.RemoveAt(Index(path[^1], list.Count - 1));
                return root;
            default:
                throw Missing(path);
        }
    }

    /// <summary>RFC 6901 §4: digits without a leading zero.</summary>
    private static int Index(string token, int most)
    {
        var wellFormed = token == "0" || (token.Length > 0 && token[0] != '0' && token.All(char.IsAsciiDigit));
        return wellFormed && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= most
            ? index
            : throw new PatchException($"there is no item {token}");
    }

    private static PatchException Missing(ReadOnlySpan<string> path) => new($"there is no /{string.Join('/', path.ToArray())}");
}
