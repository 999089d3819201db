using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Pools;

/// <summary>
/// Names what a new node is made from: equal settings have equal revisions, also across versions of the operator. A new field must
/// therefore be absent (null) where the user does not set it; a golden test holds the value for a known pool.
/// </summary>
public static class Revision
{
    /// <summary>A spec does not change once it is read, and every round of a pool asks more than once.</summary>
    private static readonly ConditionalWeakTable<NodePoolSpec, string> known = [];

    /// <returns>Ten lower-case hex characters.</returns>
    public static string Of(NodePoolSpec spec) => known.GetValue(spec, Compute);

    private static string Compute(NodePoolSpec spec)
    {
        var content = JsonSerializer.SerializeToNode(new RevisionContent(spec.Provider, spec.Template, Other(spec.Identity?.Mode, IdentityMode.Pinned), Other(spec.Network?.Ipsec?.Mode, IpsecMode.Preferred)), RevisionJson.Default.RevisionContent);
        var text = Sorted(content)!.ToJsonString();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..10];
    }

    private static string? Other<T>(T? chosen, T usual) where T : struct, Enum => chosen is { } mode && !mode.Equals(usual) ? mode.ToString() : null;

    /// <summary>Members in a fixed order: a map written in another order is the same map.</summary>
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}

/// <param name="Identity">Null for the default, so that pools from before it was asked keep their revision.</param>
/// <param name="Ipsec">The same.</param>
internal sealed record RevisionContent(ProviderSpec Provider, TemplateSpec Template, string? Identity, string? Ipsec);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RevisionContent))]
internal sealed partial class RevisionJson : JsonSerializerContext;
