using System.ComponentModel;
using System.Text.Json.Serialization;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>How the pool's machines talk to others.</summary>
public sealed record NetworkSpec
{
    [Description("Encryption of the overlay network between nodes.")]
    public IpsecSpec? Ipsec { get; init; }
}

/// <summary>Whether the overlay's traffic is encrypted in the kernel (IPSec ESP).</summary>
public sealed record IpsecSpec
{
    [JsonDefault("\"Preferred\""), Description("Required: the agent does not start on a machine whose kernel lacks ESP. Preferred: it starts all the same, and the overlay falls back to a slower encryption of its own. Disabled: nothing is prepared for ESP.")]
    public IpsecMode Mode { get; init; } = IpsecMode.Preferred;
}

/// <summary>How much is asked of the overlay's encryption.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IpsecMode>))]
public enum IpsecMode
{
    Required,
    Preferred,
    Disabled,
}
