namespace Kontena.Kubernetes.Client.Config;

/// <summary>One context of a configuration, looked up and checked: all that a client needs.</summary>
/// <param name="Context">Name of the context, for messages.</param>
/// <param name="Server">Ends with a slash.</param>
/// <param name="Namespace">The context's namespace, <c>default</c> where it names none.</param>
public sealed record KubeAccess(string Context, Uri Server, Cluster Cluster, User User, string Namespace)
{
    public override string ToString() => $"{Context} ({Server})";
}
