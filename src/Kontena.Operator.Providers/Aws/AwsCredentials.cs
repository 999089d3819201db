using Amazon.Runtime;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Providers.Aws;

/// <summary>From a credentials Secret to what signs the calls. Values never reach a message.</summary>
internal static class AwsCredentials
{
    public const string AccessKeyId = "accessKeyID";
    public const string SecretAccessKey = "secretAccessKey";
    public const string SessionToken = "sessionToken";
    public const string RoleArn = "roleARN";
    public const string ExternalId = "externalID";

    /// <returns>Null for the runtime's own chain: environment, profile, web identity, container, instance metadata.</returns>
    /// <exception cref="DriverException">NotAllowed: a key is missing or empty.</exception>
    public static AWSCredentials? From(ProviderCredentials credentials, AwsEndpoints endpoints, TimeProvider time)
    {
        if (credentials.Data is not { } data) return null;
        var role = Value(data, RoleArn);
        var keys = Keys(data, credentials, needed: role is null);
        return role is null ? keys : AssumedRole.Open(keys, endpoints, role, Value(data, ExternalId), time);
    }

    private static AWSCredentials? Keys(IReadOnlyDictionary<string, string> data, ProviderCredentials credentials, bool needed)
    {
        var id = Value(data, AccessKeyId);
        var secret = Value(data, SecretAccessKey);
        // A role alone is assumed with the operator's own surroundings.
        if (!needed && id is null && secret is null) return null;
        if (id is null) throw Missing(AccessKeyId, credentials);
        if (secret is null) throw Missing(SecretAccessKey, credentials);
        return Value(data, SessionToken) is { } token ? new SessionAWSCredentials(id, secret, token) : new BasicAWSCredentials(id, secret);
    }

    private static string? Value(IReadOnlyDictionary<string, string> data, string key) =>
        data.TryGetValue(key, out var value) && value.Trim() is { Length: > 0 } text ? text : null;

    private static DriverException Missing(string key, ProviderCredentials credentials) =>
        new(DriverFault.NotAllowed, $"AWS {credentials}: the key {key} is missing or empty. The Secret needs {AccessKeyId} and {SecretAccessKey}, or {RoleArn}.");
}
