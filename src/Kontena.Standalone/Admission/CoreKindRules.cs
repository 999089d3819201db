using System.Text;

namespace Kontena.Standalone.Admission;

/// <summary>What kube-apiserver does to and asks of the core kinds beyond their schema.</summary>
internal static class CoreKindRules
{
    private const int DataBytes = 1 << 20;

    /// <summary>Defaults and conversions, before validation.</summary>
    public static void Prepare(ResourceDefinition resource, JsonObject obj)
    {
        if (resource == BuiltInResources.Secret) PrepareSecret(obj);
        if (resource == BuiltInResources.Event) foreach (var field in (string[])["reportingComponent", "reportingInstance"]) obj[field] ??= "";
        if (resource == BuiltInResources.Lease) PrepareLease(obj);
        if (resource == BuiltInResources.Namespace) PrepareNamespace(obj);
        if (resource == BuiltInResources.CustomResourceDefinition) CustomResourceDefinitionRules.Prepare(obj);
    }

    public static IEnumerable<FieldError> Validate(ResourceDefinition resource, JsonObject? old, JsonObject obj)
    {
        if (resource == BuiltInResources.Secret) return [.. Data(obj, base64: ["data"], "data"), .. Immutable(old, obj, ["data"]), .. SecretType(old, obj), .. SecretTypes.Validate(obj)];
        if (resource == BuiltInResources.ConfigMap) return [.. Data(obj, base64: ["binaryData"], "[]"), .. Immutable(old, obj, ["data", "binaryData"])];
        if (resource == BuiltInResources.Event) return EventNamespace(obj);
        if (resource == BuiltInResources.Lease) return Lease(obj);
        return resource == BuiltInResources.CustomResourceDefinition ? CustomResourceDefinitionRules.Validate(old, obj) : [];
    }

    private static void PrepareSecret(JsonObject secret)
    {
        if (secret["stringData"] is JsonObject texts)
        {
            if (secret["data"] is not JsonObject data) secret["data"] = data = [];
            foreach (var (key, value) in texts) data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Text() ?? ""));
        }
        secret.Remove("stringData");
        if (string.IsNullOrEmpty(secret.Text("type"))) secret["type"] = "Opaque";
    }

    private static void PrepareNamespace(JsonObject ns)
    {
        if (ns.Metadata()["labels"] is not JsonObject labels) ns.Metadata()["labels"] = labels = [];
        labels["kubernetes.io/metadata.name"] = ns.Name();
        if (!ns.IsDeleting())
        {
            ns["spec"] = new JsonObject { ["finalizers"] = new JsonArray(DeletionFinalizers.NamespaceContents) };
            ns["status"] = new JsonObject { ["phase"] = "Active" };
        }
    }

    /// <summary>Times with microseconds (metav1.MicroTime), which are read in that one form; a null among the fields is absent.</summary>
    private static void PrepareLease(JsonObject lease)
    {
        if (lease["spec"] is not JsonObject spec) return;
        foreach (var name in spec.Where(p => p.Value is null).Select(p => p.Key).ToList()) spec.Remove(name);
        foreach (var field in (string[])["acquireTime", "renewTime"])
        {
            if (spec.Text(field) is { } text && !text.Contains('.', StringComparison.Ordinal))
                throw Fault.BadRequest($"Lease in version \"v1\" cannot be handled as a Lease: spec.{field} must be a time with microseconds, such as 2026-01-02T03:04:05.000000Z");
        }
    }

    /// <param name="obj">A Secret or a ConfigMap.</param>
    /// <param name="base64">The fields that are encoded.</param>
    /// <param name="whole">The field that is named when all of it is too much; kube-apiserver has no name for a ConfigMap's.</param>
    private static IEnumerable<FieldError> Data(JsonObject obj, IReadOnlyList<string> base64, string whole)
    {
        long size = 0;
        foreach (var field in (string[])["data", "binaryData"])
        {
            foreach (var (key, value) in obj[field] as JsonObject ?? [])
            {
                if (ObjectNames.DataKeyFault(key) is { } fault) yield return FieldError.Invalid($"{field}[{key}]", key, fault);
                if (field == "binaryData" && (obj["data"] as JsonObject)?.ContainsKey(key) == true)
                    yield return FieldError.Invalid($"data[{key}]", key, "duplicate of key present in binaryData");
                var text = value.Text() ?? "";
                size += base64.Contains(field) ? text.Length / 4 * 3 : Encoding.UTF8.GetByteCount(text);
            }
        }
        if (size > DataBytes) yield return FieldError.TooLong(whole, DataBytes);
    }

    private static IEnumerable<FieldError> Immutable(JsonObject? old, JsonObject obj, IReadOnlyList<string> fields)
    {
        if (!old.Flag("immutable")) yield break;
        if (!obj.Flag("immutable")) yield return FieldError.Forbidden("immutable", "field is immutable when `immutable` is set");
        foreach (var field in fields.Where(f => !JsonNode.DeepEquals(old![f], obj[f])))
            yield return FieldError.Forbidden(field, "field is immutable when `immutable` is set");
    }

    private static IEnumerable<FieldError> SecretType(JsonObject? old, JsonObject obj)
    {
        if (old is not null && old.Text("type") != obj.Text("type"))
            yield return FieldError.Invalid("type", obj["type"], "field is immutable");
    }

    private static IEnumerable<FieldError> EventNamespace(JsonObject obj)
    {
        var ns = obj.MetadataText("namespace");
        var involved = obj["involvedObject"]?["namespace"].Text() ?? "";
        var fits = involved.Length == 0 ? ns == "default" : involved == ns;
        if (!fits) yield return FieldError.Invalid("involvedObject.namespace", involved, "does not match event.namespace");
    }

    private static IEnumerable<FieldError> Lease(JsonObject obj)
    {
        foreach (var (field, least) in new[] { ("leaseDurationSeconds", 1), ("leaseTransitions", 0) })
        {
            if (obj["spec"]?[field].Integer() < least)
                yield return FieldError.Invalid($"spec.{field}", obj["spec"]![field], $"must be greater than {(least == 1 ? "0" : "or equal to 0")}");
        }
    }
}
