namespace Kontena.Operator.Core.Bootstrap;

/// <summary>
/// What a machine should be told cannot be written down. The message says what to change and holds no value: what is told is secret.
/// </summary>
/// <param name="path">The field to change, e.g. <c>spec.template.userData.inline</c>.</param>
public sealed class BootstrapException(string path, string message) : Exception($"{path}: {message}")
{
    public string Path { get; } = path;
}
