using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Client;

/// <summary>All objects of a list as they were at one version, from which a watch may go on.</summary>
public sealed record Snapshot<T>(IReadOnlyList<T> Items, string ResourceVersion) where T : class, IResource;
