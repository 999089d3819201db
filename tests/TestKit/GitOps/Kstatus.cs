using System.Text.Json.Nodes;

namespace Kontena.TestKit.GitOps;

/// <summary>
/// Judges an object as Flux, kpt and <c>cli-utils</c> do: the rules of sigs.k8s.io/cli-utils, pkg/kstatus/status (generic.go and status.go), as they are for
/// custom resources. Written anew from these rules, so that the conditions are measured with what others read into them, not with what we meant:
/// <code>
/// in this order                                         verdict
/// ────────────────────────────────────────────────────  ────────────────────────────────
/// metadata.deletionTimestamp is set                     Terminating
/// status.observedGeneration is not metadata.generation  InProgress (one that is not there passes)
/// Reconciling or Stalled is True, the first in the list InProgress, Failed
/// Ready is True; False; Unknown                         Current; InProgress; InProgress
/// none of these                                         Current
/// </code>
/// </summary>
/// <param name="Message">For people: of the condition that decided.</param>
public sealed record Kstatus(KstatusVerdict Verdict, string Message)
{
    /// <param name="resource">As the API server sends it, status included.</param>
    public static Kstatus Of(JsonObject resource)
    {
        try
        {
            var metadata = resource["metadata"];
            if (metadata?["deletionTimestamp"]?.GetValue<string>() is { Length: > 0 }) return new(KstatusVerdict.Terminating, "Resource scheduled for deletion");
            return OfGeneration(metadata, resource["status"]) ?? OfConditions(resource["status"]?["conditions"]?.AsArray() ?? []);
        }
        catch (InvalidOperationException e)
        {
            // A number where text must be, an object where a list must be: kstatus gives an error, which its pollers show as Unknown.
            return new(KstatusVerdict.Unknown, e.Message);
        }
    }

    private static Kstatus? OfGeneration(JsonNode? metadata, JsonNode? status)
    {
        if (metadata?["generation"]?.GetValue<long>() is not { } generation || status?["observedGeneration"]?.GetValue<long>() is not { } observed) return null;
        return observed == generation ? null : new(KstatusVerdict.InProgress, $"generation is {generation}, but latest observed generation is {observed}");
    }

    private static Kstatus OfConditions(JsonArray conditions)
    {
        foreach (var condition in conditions.Where(c => Is(c, "True")))
        {
            if (IsOf(condition, "Reconciling")) return new(KstatusVerdict.InProgress, MessageOf(condition));
            if (IsOf(condition, "Stalled")) return new(KstatusVerdict.Failed, MessageOf(condition));
        }
        foreach (var ready in conditions.Where(c => IsOf(c, "Ready")))
        {
            if (Is(ready, "True")) return new(KstatusVerdict.Current, "Resource is Ready");
            if (Is(ready, "False") || Is(ready, "Unknown")) return new(KstatusVerdict.InProgress, MessageOf(ready));
        }
        return new(KstatusVerdict.Current, "Resource is current");
    }

    private static bool IsOf(JsonNode? condition, string type) => condition?["type"]?.GetValue<string>() == type;

    private static bool Is(JsonNode? condition, string status) => condition?["status"]?.GetValue<string>() == status;

    private static string MessageOf(JsonNode? condition) => condition?["message"]?.GetValue<string>() ?? "";
}
