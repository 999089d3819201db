namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>The objects that the interactions send.</summary>
internal static class Documents
{
    public const string MergePatch = "application/merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";

    public const string Provider = """{"aws": {"region": "eu-west-1", "instanceTypes": ["t3.small"]}}""";

    private const string DefaultSpec = $$"""{"replicas": 2, "provider": {{Provider}} }""";

    /// <summary>A valid NodePool as YAML; <paramref name="metadata"/> is its other metadata, beginning with a comma.</summary>
    public static string Pool(string name, int replicas = 2, string metadata = "") => $$"""
        apiVersion: kontena.io/v1alpha1
        kind: NodePool
        metadata: {name: {{name}}{{metadata}} }
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
        {"status": {"observedGeneration": 1, "replicas": 2, "readyReplicas": {{readyReplicas}}, "selector": "pool=web", "conditions": [
          {"type": "Ready", "status": "{{ready}}", "reason": "{{reason}}", "message": "…", "lastTransitionTime": "2026-01-01T00:00:00Z"}] } }
        """;

    /// <summary>An event about a pool, as the operator would report it.</summary>
    public static string Event(string name, string poolUid, string ns) => $$"""
        {"apiVersion": "v1", "kind": "Event", "metadata": {"name": "{{name}}"}, "type": "Warning", "reason": "QuotaExceeded",
         "message": "no more machines", "count": 1, "source": {"component": "kontena-operator"},
         "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:00:00Z",
         "involvedObject": {"apiVersion": "kontena.io/v1alpha1", "kind": "NodePool", "name": "web", "namespace": "{{ns}}", "uid": "{{poolUid}}"} }
        """;

    /// <summary>A ConfigMap that belongs to an object.</summary>
    public static string OwnedConfigMap(string name, string ownerUid) => $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{name}}
          ownerReferences:
          - {apiVersion: kontena.io/v1alpha1, kind: NodePool, name: web, uid: {{ownerUid}}, controller: true, blockOwnerDeletion: true}
        """;
}
