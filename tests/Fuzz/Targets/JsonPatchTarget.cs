using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Fuzz.Engine;
using Kontena.Kubernetes.Client;
using Kontena.Standalone.Json;
using Kontena.Standalone.Patches;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Fuzz.Targets;

/// <summary>
/// JSON patch, twice written down: in the embedded server and in the tests' API in memory. Both must say the same, must leave their
/// input alone, and the server's must stay within bounds. An input is <c>{"document": …, "patch": […]}</c>.
/// </summary>
internal sealed class JsonPatchTarget : FuzzTarget
{
    public override string Name => "json-patch";

    // The server lets a patch copy 3 MiB (as kube-apiserver does), and a value costs more than its text.
    public override long MostAllocated(int length) => (128L << 20) + (4000L * length);

    public override byte[] Next(Random random, IReadOnlyList<byte[]> corpus)
    {
        if (random.Next(10) == 0) return new Mutator(random, ["\"copy\"", "\"move\"", "\"from\":\"\"", "\"path\":\"/a\"", "\"op\":\"add\","]).Mutate(corpus);
        var documents = new PatchDocuments(random);
        var document = documents.Object(3, nulls: true);
        var operations = Enumerable.Range(0, random.Next(1, random.Next(20) == 0 ? 80 : 6)).Select(_ => (JsonNode)Operation(random, documents, document));
        return Encoding.UTF8.GetBytes(new JsonObject { ["document"] = document, ["patch"] = new JsonArray([.. operations]) }.ToJsonString());
    }

    public override Task CheckAsync(byte[] input)
    {
        if (Parse(input) is not { } parsed || parsed["document"] is not JsonObject document || parsed["patch"] is not JsonArray patch) return Task.CompletedTask;
        var before = parsed.ToJsonString();
        var (one, tooMuch) = Server(document, patch);
        if (parsed.ToJsonString() != before) throw new PromiseBroken("the server's patch changed its input");
        // Bounds are the server's alone.
        if (tooMuch) return Task.CompletedTask;
        var other = Memory(document, patch);
        if (parsed.ToJsonString() != before) throw new PromiseBroken("the memory API's patch changed its input");
        if (!JsonNode.DeepEquals(one, other)) throw new PromiseBroken($"two readings\nserver: {Text(one)}\nmemory: {Text(other)}");
        return Task.CompletedTask;
    }

    private static string Text(JsonNode? outcome) => outcome?.ToJsonString() ?? "refused";

    private static (JsonObject? Outcome, bool TooMuch) Server(JsonObject document, JsonArray patch)
    {
        try
        {
            var result = JsonPatch.Apply(document, patch);
            // What is stored is written, and read again.
            var written = result is null ? "null" : JsonText.SerializeToString(result);
            JsonText.Parse(Encoding.UTF8.GetBytes(written));
            return (result as JsonObject, false);
        }
        catch (PatchException e)
        {
            return (null, e.Message.StartsWith("the patch makes", StringComparison.Ordinal));
        }
    }

    private static JsonObject? Memory(JsonObject document, JsonArray patch)
    {
        try
        {
            return JsonPatching.Apply(document, patch);
        }
        catch (KubeFault)
        {
            return null;
        }
    }

    private static JsonObject Operation(Random random, PatchDocuments documents, JsonObject document)
    {
        var operation = new JsonObject
        {
            ["op"] = ((string[])["add", "remove", "replace", "move", "copy", "test"])[random.Next(6)],
            ["path"] = documents.Pointer(document),
        };
        if (random.Next(3) != 0) operation["value"] = documents.Value(2, nulls: true);
        if (random.Next(3) != 0) operation["from"] = documents.Pointer(document);
        return operation;
    }

    private static JsonObject? Parse(byte[] input)
    {
        try { return JsonText.ParseObject(input); }
        catch (JsonException) { return null; }
    }
}
