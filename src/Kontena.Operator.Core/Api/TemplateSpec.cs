using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>What runs on each machine of a pool. Part of a node's revision.</summary>
public sealed record TemplateSpec
{
    [JsonDefault("\"Ubuntu\""), Description("Which operating system to start; its newest image is looked up where the provider block names none.")]
    public OperatingSystem OperatingSystem { get; init; } = OperatingSystem.Ubuntu;

    [Description("Settings of the Docker engine (Ubuntu and Debian).")]
    public DockerSpec? Docker { get; init; }

    [Description("User-data given to the machine instead of the operator's own, which installs Docker.")]
    [Cel("has(self.inline) != has(self.secretRef)", "exactly one of inline and secretRef must be set")]
    public UserDataSpec? UserData { get; init; }
}

/// <summary>The operating systems that bootstrap data is rendered for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperatingSystem>))]
public enum OperatingSystem
{
    Ubuntu,
    Debian,
    Flatcar,
}

/// <summary>Goes into <c>/etc/docker/daemon.json</c>.</summary>
public sealed record DockerSpec
{
    [RegularExpression(Patterns.Cidr4), Description("Address and prefix of the docker0 bridge, e.g. 172.17.43.1/16.")]
    public string? Bip { get; init; }

    [RegularExpression("^/[A-Za-z0-9._/-]*$"), MaxLength(255), Description("Where Docker keeps images and containers, e.g. /var/lib/docker.")]
    public string? DataRoot { get; init; }

    [MaxLength(20), ItemMaxLength(253), ListSet, Description("Registries reached without a valid certificate: host:port or CIDR.")]
    public IReadOnlyList<string>? InsecureRegistries { get; init; }
}

/// <summary>Where user-data comes from: exactly one of the two.</summary>
public sealed record UserDataSpec
{
    [MaxLength(16384), Description("The text itself. Anyone who may read the pool may read it: use secretRef for secrets.")]
    public string? Inline { get; init; }

    [Description("A key of a Secret in the pool's namespace.")]
    public SecretKeyRef? SecretRef { get; init; }
}

/// <summary>One key of a Secret in the same namespace.</summary>
public sealed record SecretKeyRef
{
    [Required, MinLength(1), MaxLength(253), Description("Name of the Secret.")]
    public required string Name { get; init; }

    [DefaultValue("userData"), MinLength(1), MaxLength(253), Description("Key within the Secret's data.")]
    public string Key { get; init; } = "userData";
}
