namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>The objects that the interactions send.</summary>
internal static class Documents
{
    public const string MergePatch = "application/merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";

    public const string Provider = """{"aws": {"region": "eu-west-1", "instanceTypes": ["t3.small"]}}""";

    private const string DefaultSpec = $$"""{"replicas": 2, "provider": {{Provider}} }""";

    /// <summary>A valid NodePool as YAML.</summary>
    public static string Pool(string name, int replicas = 2, string labels = "{}", string finalizers = "[]") => $$"""
        apiVersion: kontena.io/v1alpha1
        kind: NodePool
        metadata: {name: {{name}}, labels: {{labels}}, finalizers: {{finalizers}}}
        spec:
          replicas: {{replicas}}
          provider:
            aws: {region: eu-west-1, instanceTypes: [t3.small]}
        """;

    /// <summary>A NodePool as JSON with this spec; <paramref name="metadata"/> is its other metadata, beginning with a comma.</summary>
    public static string PoolJson(string name, string? spec = null, string metadata = "") => $$"""
        {"apiVersion": "kontena.io/v1alpha1", "kind": "NodePool", "metadata": {"name": "{{name}}"{{metadata}} },
         "spec": {{spec ?? DefaultSpec}} }
        """;

    /// <summary>A status that says the pool is ready, or why not.</summary>
    public static string Status(string ready, string reason, int readyReplicas) => $$"""
        {"status": {"replicas": 2, "readyReplicas": {{readyReplicas}}, "selector": "pool=web", "conditions": [
          {"type": "Ready", "status": "{{ready}}", "reason": "{{reason}}", "message": "…", "lastTransitionTime": "2026-01-01T00:00:00Z"}] } }
        """;
}
