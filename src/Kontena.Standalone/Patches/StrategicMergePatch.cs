namespace Kontena.Standalone.Patches;

/// <summary>
/// The strategic merge patch of the core kinds served here. Of their lists only two merge, both in metadata:
/// <c>finalizers</c> is a set and <c>ownerReferences</c> a map by uid; all others are replaced, as in a JSON merge patch.
/// <c>$patch: replace</c> and <c>$retainKeys</c> are honoured on any object.
/// </summary>
internal static class StrategicMergePatch
{
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject) throw new PatchException("a strategic merge patch is an object", malformed: true);
        return Merge(target as JsonObject, (JsonObject)patch, "");
    }

    private static JsonObject Merge(JsonObject? target, JsonObject patch, string path)
    {
        var result = patch.Text("$patch") switch
        {
            null or "merge" => target?.Copy() ?? [],
            "replace" or "delete" => [],
            var other => throw new PatchException($"unknown directive $patch: {other}", malformed: true),
        };
        if (patch["$retainKeys"] is JsonArray retained)
        {
            var keep = retained.Select(k => k.Text()).ToHashSet();
            foreach (var name in result.Select(p => p.Key).Where(k => !keep.Contains(k)).ToList()) result.Remove(name);
        }
        foreach (var (name, value) in patch)
        {
            if (name[0..Math.Min(1, name.Length)] != "$") MergeField(result, name, value, FieldPath.Child(path, name));
        }
        // A deletion list may come without the list itself: kubectl edit sends only this.
        if (path == "metadata") Delete(result, patch["$deleteFromPrimitiveList/finalizers"] as JsonArray);
        return result;
    }

    private static void MergeField(JsonObject result, string name, JsonNode? value, string path)
    {
        switch (value)
        {
            case null:
                result.Remove(name);
                break;
            case JsonObject patch:
                if (patch.Text("$patch") == "delete") result.Remove(name);
                else result[name] = Merge(result[name] as JsonObject, patch, path);
                break;
            case JsonArray added when path == "metadata.finalizers":
                result[name] = Union(result[name] as JsonArray, added);
                break;
            case JsonArray changes when path == "metadata.ownerReferences":
                result[name] = MergeByUid(result[name] as JsonArray, changes);
                break;
            default:
                result[name] = value.DeepClone();
                break;
        }
    }

    private static JsonArray Union(JsonArray? present, JsonArray added)
    {
        var names = (present ?? []).Concat(added).Select(f => f.Text()).OfType<string>().Distinct();
        return new JsonArray([.. names.Select(f => (JsonNode?)f)]);
    }

    private static void Delete(JsonObject metadata, JsonArray? deleted)
    {
        if (deleted is null || metadata["finalizers"] is not JsonArray present) return;
        var gone = deleted.Select(f => f.Text()).ToHashSet();
        metadata["finalizers"] = new JsonArray([.. present.Where(f => !gone.Contains(f.Text())).Select(f => f?.DeepClone())]);
    }

    private static JsonArray MergeByUid(JsonArray? present, JsonArray changes)
    {
        if (changes.OfType<JsonObject>().Any(c => c.Text("$patch") == "replace"))
            return new JsonArray([.. changes.OfType<JsonObject>().Where(c => c.Text("$patch") is null).Select(c => c.DeepClone())]);
        var result = (present ?? []).OfType<JsonObject>().Select(o => o.Copy()).ToList();
        var added = 0;
        foreach (var change in changes.OfType<JsonObject>())
        {
            var at = result.FindIndex(o => o.Text("uid") == change.Text("uid"));
            if (change.Text("$patch") == "delete")
            {
                if (at >= 0) result.RemoveAt(at);
            }
            else if (at >= 0) result[at] = Merge(result[at], change, "metadata.ownerReferences[]");
            // What a patch brings stands before what was there.
            else result.Insert(added++, change.Copy());
        }
        return new JsonArray([.. result]);
    }
}
