using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Fuzz.Engine;
using Kontena.Standalone.Json;
using Kontena.Standalone.Patches;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Fuzz.Targets;

/// <summary>
/// Laws of a merge patch, on <c>{"from": …, "to": …, "patch": …}</c>: the difference of two documents applied to the first gives
/// the second; applying a patch twice is applying it once; three implementations agree where the same is meant.
/// </summary>
internal sealed class MergePatchTarget : FuzzTarget
{
    public override string Name => "merge-patch";

    public override byte[] Next(Random random, IReadOnlyList<byte[]> corpus)
    {
        if (random.Next(10) == 0) return new Mutator(random, ["null", "{}", "[]", "\"metadata\":", "\"$patch\":\"replace\"", "\"$retainKeys\":[]"]).Mutate(corpus);
        var documents = new PatchDocuments(random);
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["from"] = documents.Object(4, nulls: false),
            ["to"] = documents.Object(4, nulls: false),
            ["patch"] = documents.Object(4, nulls: true),
        }.ToJsonString());
    }

    public override Task CheckAsync(byte[] input)
    {
        if (Parse(input) is not { } parsed || parsed["from"] is not JsonObject from || parsed["to"] is not JsonObject to || parsed["patch"] is not JsonObject patch)
            return Task.CompletedTask;
        var before = parsed.ToJsonString();
        if (!HoldsNull(from) && !HoldsNull(to)) Require("apply(diff(a, b), a) = b", MergePatch.Apply(from, Difference(from, to)), to);
        var patched = (JsonObject)MergePatch.Apply(from, patch)!;
        Require("a patch applied twice", MergePatch.Apply(patched, patch), patched);
        Require("memory API", JsonPatching.Merge(from, patch), patched);
        if (!IsStrategic(patch)) Require("strategic merge patch", Strategic(from, patch), patched);
        else Strategic(from, patch);
        if (parsed.ToJsonString() != before) throw new PromiseBroken("a patch changed its input");
        return Task.CompletedTask;
    }

    private static void Require(string law, JsonNode? made, JsonNode wanted)
    {
        if (!JsonNode.DeepEquals(made, wanted)) throw new PromiseBroken($"{law}\nmade: {made?.ToJsonString()}\nwanted: {wanted.ToJsonString()}");
    }

    /// <summary>RFC 7386 the other way round.</summary>
    private static JsonObject Difference(JsonObject from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach (var (name, _) in from.Where(f => !to.ContainsKey(f.Key))) patch[name] = null;
        foreach (var (name, wanted) in to)
        {
            if (JsonNode.DeepEquals(from[name], wanted)) continue;
            patch[name] = from[name] is JsonObject old && wanted is JsonObject map ? Difference(old, map) : wanted?.DeepClone();
        }
        return patch;
    }

    /// <summary>Of members only: null in a list is a value like any other.</summary>
    private static bool HoldsNull(JsonObject map) => map.Any(m => m.Value is null || (m.Value is JsonObject inner && HoldsNull(inner)));

    private static bool IsStrategic(JsonObject patch) =>
        patch.Any(m => m.Key.StartsWith('$') || m.Key is "finalizers" or "ownerReferences" || (m.Value is JsonObject inner && IsStrategic(inner)));

    private static JsonNode? Strategic(JsonObject from, JsonObject patch)
    {
        try { return StrategicMergePatch.Apply(from, patch); }
        catch (PatchException) { return null; }
    }

    private static JsonObject? Parse(byte[] input)
    {
        try { return JsonText.ParseObject(input); }
        catch (JsonException) { return null; }
    }
}
