namespace Kontena.Kubernetes.Resources.Core;

/// <summary>The built-in kinds that controllers need beside their own.</summary>
public static class CoreKinds
{
    public static ResourceKind<Secret> Secret { get; } = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Secret",
        Plural = "secrets",
        Json = CoreJson.Default.Secret,
        ListJson = CoreJson.Default.ResourceListSecret,
    };

    public static ResourceKind<ConfigMap> ConfigMap { get; } = new()
    {
        Group = "",
        Version = "v1",
        Kind = "ConfigMap",
        Plural = "configmaps",
        Json = CoreJson.Default.ConfigMap,
        ListJson = CoreJson.Default.ResourceListConfigMap,
    };

    public static ResourceKind<Event> Event { get; } = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Event",
        Plural = "events",
        Json = CoreJson.Default.Event,
        ListJson = CoreJson.Default.ResourceListEvent,
    };

    public static ResourceKind<Namespace> Namespace { get; } = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Namespace",
        Plural = "namespaces",
        Namespaced = false,
        Json = CoreJson.Default.Namespace,
        ListJson = CoreJson.Default.ResourceListNamespace,
    };

    public static ResourceKind<Lease> Lease { get; } = new()
    {
        Group = "coordination.k8s.io",
        Version = "v1",
        Kind = "Lease",
        Plural = "leases",
        Json = CoreJson.Default.Lease,
        ListJson = CoreJson.Default.ResourceListLease,
    };
}
