namespace Kontena.Kubernetes.Client.Config;

/// <summary>A user at a cluster.</summary>
/// <param name="Namespace">Where commands without a namespace work; null means <c>default</c>.</param>
public sealed record Context(string Name, string Cluster, string User, string? Namespace)
{
    internal Origin Origin { get; init; }
}
