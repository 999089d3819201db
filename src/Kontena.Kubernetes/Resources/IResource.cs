namespace Kontena.Kubernetes.Resources;

/// <summary>Any object of the API.</summary>
public interface IResource
{
    string? ApiVersion { get; }

    string? Kind { get; }

    ObjectMeta Metadata { get; }
}
