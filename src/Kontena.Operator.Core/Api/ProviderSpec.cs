using System.ComponentModel;
using System.Text.Json.Serialization;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>A typed union: exactly one block is set, and which one never changes. A new provider adds its property here.</summary>
[Union("provider", FixedMessage = "the provider of a pool cannot change: make a new pool and delete this one")]
public sealed record ProviderSpec
{
    [Description("Amazon EC2.")]
    public AwsSettings? Aws { get; init; }

    /// <summary>The block that is set. Throws where validation was bypassed and none or several are.</summary>
    [JsonIgnore]
    public ProviderSettings Settings => Blocks.Single();

    /// <summary>Every block that is set, in the order of the properties.</summary>
    [JsonIgnore]
    public IEnumerable<ProviderSettings> Blocks => new ProviderSettings?[] { Aws }.OfType<ProviderSettings>();

    /// <summary>Settings that reach what a provider has in a scope, good for no machine; null where this version does not know the provider.</summary>
    /// <param name="scope"><see cref="ProviderSettings.InventoryScope"/> of settings that were.</param>
    public static ProviderSettings? InScope(string provider, string scope, string? credentialsSecret) => provider switch
    {
        "aws" => AwsSettings.InScope(scope, credentialsSecret),
        _ => null,
    };
}
