namespace Kontena.Kubernetes.Client.Config;

/// <summary>A credential plugin (client.authentication.k8s.io): a program that prints a token or a client certificate.</summary>
public sealed record ExecSettings
{
    /// <summary><c>client.authentication.k8s.io/v1</c> or <c>…/v1beta1</c>.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>Absolute, or a bare name looked up in PATH.</summary>
    public required string Command { get; init; }

    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Added to our own environment. Values may be secrets.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>What to tell a user who does not have the program.</summary>
    public string? InstallHint { get; init; }

    /// <summary><c>Never</c>, <c>IfAvailable</c> or <c>Always</c>; nobody sits at a controller's keyboard, so the last is refused.</summary>
    public string? InteractiveMode { get; init; }

    /// <summary>Tell the plugin which cluster it is for.</summary>
    public bool ProvideClusterInfo { get; init; }

    public override string ToString() => $"Plugin {Command}";
}
