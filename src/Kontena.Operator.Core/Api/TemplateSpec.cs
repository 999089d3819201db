using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using System.Text.Json.Serialization;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>What runs on each machine of a pool. Part of a node's revision.</summary>
public sealed partial record TemplateSpec
{
    [JsonDefault("\"Ubuntu\""), Description("Which operating system to start; its newest image is looked up where the provider block names none.")]
    public OperatingSystem OperatingSystem { get; init; } = OperatingSystem.Ubuntu;

    [MaxProperties(32), ItemMaxLength(128)]
    [Cel("self.all(key, !(key in ['region', 'az', 'provider', 'nodepool']) && !key.startsWith('kontena-'))", LabelReserved, Kind = FieldErrorKind.Forbidden)]
    [Cel("self.all(key, size(key) <= 63 && key.matches('^[!-+.-<>-~-]+$'))", LabelKey)]
    [Cel("self.all(key, self[key].matches('^[!-+.-~-]*$'))", LabelValue)]
    [Description("Labels of the nodes at the Kontena Master, e.g. role: web. The operator adds region, az and provider.")]
    public IReadOnlyDictionary<string, string>? NodeLabels { get; init; }

    [Description("The Kontena agent.")]
    public AgentSpec? Agent { get; init; }

    [Description("Settings of the Docker engine. On Flatcar only with a gridRef.")]
    public DockerSpec? Docker { get; init; }

    [Description("User-data of your own. With a gridRef it is merged with the operator's, which installs Docker and the agent; without one it takes its place.")]
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
public sealed record DockerSpec : IHasRules
{
    [RegularExpression(Patterns.Cidr4), Description("Address and prefix of the docker0 bridge, e.g. 172.17.43.1/16.")]
    public string? Bip { get; init; }

    [RegularExpression("^/[A-Za-z0-9._/-]*$"), MaxLength(255), Description("Where Docker keeps images and containers, e.g. /var/lib/docker.")]
    public string? DataRoot { get; init; }

    [MaxLength(20), ItemMaxLength(253), ListSet, Description("Registries reached without a valid certificate: host:port or CIDR.")]
    public IReadOnlyList<string>? InsecureRegistries { get; init; }

    public IEnumerable<FieldError> BrokenRules(object? old)
    {
        // CEL has no address arithmetic before Kubernetes 1.30, so only we say this.
        if (Bip is { } bip && IPNetwork.TryParse(bip, out var network) && bip.StartsWith($"{network.BaseAddress}/", StringComparison.Ordinal))
            yield return new FieldError(".bip", FieldErrorKind.Invalid,
                $"is the bridge's own address, which {bip} is not: it is a whole network (write e.g. 172.17.43.1/16)", FieldErrorSource.Operator);
    }
}

/// <summary>Where user-data comes from: exactly one of the two.</summary>
[Union("source of user-data")]
public sealed record UserDataSpec : IHasRules
{
    private const string InlineTooLarge = "user-data has at most 16384 bytes as UTF-8";

    [MinLength(1), MaxLength(16384), Cel("size(bytes(self)) <= 16384", InlineTooLarge)]
    [Description("The text itself. Anyone who may read the pool may read it: use secretRef for secrets.")]
    public string? Inline { get; init; }

    [Description("A key of a Secret in the pool's namespace.")]
    public SecretKeyRef? SecretRef { get; init; }

    public IEnumerable<FieldError> BrokenRules(object? old)
    {
        if (Inline is { } text && Encoding.UTF8.GetByteCount(text) > 16384)
            yield return new FieldError(".inline", FieldErrorKind.Invalid, InlineTooLarge, FieldErrorSource.Rule);
    }
}

/// <summary>One key of a Secret in the same namespace.</summary>
public sealed record SecretKeyRef
{
    [Required, MaxLength(253), RegularExpression(Patterns.ObjectName), Description("Name of the Secret.")]
    public required string Name { get; init; }

    [DefaultValue("userData"), MaxLength(253), RegularExpression(Patterns.DataKey), Description("Key within the Secret's data.")]
    public string Key { get; init; } = "userData";
}
