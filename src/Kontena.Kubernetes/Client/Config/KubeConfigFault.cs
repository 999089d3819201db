namespace Kontena.Kubernetes.Client.Config;

/// <summary>
/// A configuration that cannot be used. The message names the file and the field, never the value: a value in the wrong
/// place is often a secret.
/// </summary>
public sealed class KubeConfigFault : Exception
{
    public KubeConfigFault(string? file, string? field, string problem)
        : base(string.Join(": ", new[] { file, field, problem }.Where(part => !string.IsNullOrEmpty(part))))
    {
        File = file;
        Field = field;
    }

    /// <summary>The file, where one is to blame.</summary>
    public string? File { get; }

    /// <summary>Path of the field, e.g. <c>users[name=admin].user.exec.command</c>.</summary>
    public string? Field { get; }
}
