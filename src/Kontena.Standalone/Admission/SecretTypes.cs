using System.Text.Json;

namespace Kontena.Standalone.Admission;

/// <summary>What a Secret of a type that Kubernetes knows must hold (kubernetes.io, "Types of Secret").</summary>
internal static class SecretTypes
{
    private const string Account = "kubernetes.io/service-account.name";

    public static IEnumerable<FieldError> Validate(JsonObject secret) => secret.Text("type") switch
    {
        "kubernetes.io/tls" => Required(secret, "tls.crt", "tls.key"),
        "kubernetes.io/ssh-auth" => string.IsNullOrEmpty(Value(secret, "ssh-privatekey")) ? [FieldError.Required("data[ssh-privatekey]")] : [],
        "kubernetes.io/basic-auth" when Value(secret, "username") is null && Value(secret, "password") is null => Required(secret, "username", "password"),
        "kubernetes.io/dockerconfigjson" => [.. Required(secret, ".dockerconfigjson"), .. Json(secret, ".dockerconfigjson")],
        "kubernetes.io/dockercfg" => [.. Required(secret, ".dockercfg"), .. Json(secret, ".dockercfg")],
        "kubernetes.io/service-account-token" when string.IsNullOrEmpty(secret["metadata"]?["annotations"]?[Account].Text()) => [FieldError.Required($"metadata.annotations[{Account}]")],
        _ => [],
    };

    private static IEnumerable<FieldError> Required(JsonObject secret, params string[] keys) =>
        keys.Where(key => Value(secret, key) is null).Select(key => FieldError.Required($"data[{key}]"));

    private static IEnumerable<FieldError> Json(JsonObject secret, string key)
    {
        if (Value(secret, key) is { } text && !IsJson(text)) yield return FieldError.Invalid($"data[{key}]", "<secret contents redacted>", "must be JSON");
    }

    private static bool IsJson(string base64)
    {
        try { return JsonText.Parse(Convert.FromBase64String(base64)) is JsonObject; }
        catch (Exception e) when (e is JsonException or FormatException) { return false; }
    }

    private static string? Value(JsonObject secret, string key) => (secret["data"] as JsonObject).Text(key);
}
