namespace Kontena.Kubernetes.Client.Config;

/// <summary>Where in which file an entry was written, so that a fault found later still names it.</summary>
internal readonly record struct Origin(string? File, string? Path)
{
    public KubeConfigFault Fault(string field, string problem) => new(File, Path is null ? field : $"{Path}.{field}", problem);
}
