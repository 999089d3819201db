using Kontena.Standalone.Patches;
using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Verbs;

/// <summary>A patch of one of the types that are served, ready to be applied to whatever is stored.</summary>
internal sealed class PatchRequest
{
    public const string ApplyType = "application/apply-patch+yaml";

    private const string JsonPatchType = "application/json-patch+json";
    private const string MergePatchType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";

    private readonly Func<JsonNode?, JsonNode?, JsonNode?> apply;
    private readonly JsonNode? patch;
    private readonly IReadOnlyList<string> duplicates;

    private PatchRequest(Func<JsonNode?, JsonNode?, JsonNode?> apply, JsonNode? patch, IReadOnlyList<string> duplicates) =>
        (this.apply, this.patch, this.duplicates) = (apply, patch, duplicates);

    /// <exception cref="StatusException">415: a type that this resource does not take.</exception>
    public static async Task<PatchRequest> ReadAsync(HttpRequest request, ResourceDefinition resource, string? subresource, CancellationToken ct)
    {
        Func<JsonNode?, JsonNode?, JsonNode?> apply = RequestBody.MediaType(request) switch
        {
            JsonPatchType => JsonPatch.Apply,
            MergePatchType => MergePatch.Apply,
            StrategicType when resource.BuiltIn => StrategicMergePatch.Apply,
            _ => throw Fault.UnsupportedMediaType(
                [JsonPatchType, MergePatchType, .. resource.BuiltIn ? [StrategicType] : Array.Empty<string>(), .. subresource == "scale" ? [] : (string[])[ApplyType]]),
        };
        var (patch, duplicates) = await RequestBody.ReadPatchAsync(request, ct);
        return new PatchRequest(apply, patch, duplicates);
    }

    /// <exception cref="StatusException">400: not a patch; 422: it does not fit this object.</exception>
    public RequestObject ApplyTo(JsonObject current)
    {
        try
        {
            var patched = apply(current, patch) as JsonObject ?? throw Fault.UnprocessablePatch();
            return new RequestObject(patched, duplicates);
        }
        catch (PatchException e)
        {
            throw e.Malformed ? Fault.BadRequest($"the patch cannot be read: {e.Message}") : Fault.UnprocessablePatch();
        }
    }
}
