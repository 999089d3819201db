using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.TestKit.GitOps;

namespace Kontena.Operator.Core.Tests.GitOps;

/// <summary>A status as others would judge it in an object.</summary>
internal static class Judged
{
    public static Kstatus Of<TStatus>(TStatus status, long generation, bool deleting = false)
    {
        var metadata = new JsonObject { ["generation"] = generation };
        if (deleting) metadata["deletionTimestamp"] = "2026-01-01T12:00:00Z";
        var resource = new JsonObject { ["metadata"] = metadata, ["status"] = JsonSerializer.SerializeToNode(status, JsonSerializerOptions.Web) };
        // Through text, as it comes from a server: numbers of any width.
        return Kstatus.Of(JsonNode.Parse(resource.ToJsonString())!.AsObject());
    }
}
