namespace Kontena.Operator.Core.Machines;

/// <summary>What a credentials Secret holds, or the operator's own surroundings. Never printed.</summary>
/// <param name="Identity">Changes whenever the content does (Secret UID and resourceVersion): drivers and inventories are kept by it. Holds no secret.</param>
/// <param name="Data">Null for the surroundings (environment, profile, instance role).</param>
public sealed record ProviderCredentials(string Identity, IReadOnlyDictionary<string, string>? Data)
{
    public static ProviderCredentials Ambient { get; } = new("ambient", null);

    public override string ToString() => $"credentials {Identity}";
}
