namespace Kontena.Standalone.Verbs;

/// <summary>Objects of a CRD with several versions differ in their apiVersion only (conversion strategy None).</summary>
internal static class StoredVersions
{
    public static JsonObject Convert(JsonObject stored, ResourceDefinition resource)
    {
        if (stored.Text("apiVersion") != resource.ApiVersion) stored["apiVersion"] = resource.ApiVersion;
        return stored;
    }

    public static byte[] Convert(byte[] stored, ResourceDefinition resource)
    {
        if (resource.OnlyVersion) return stored;
        var obj = JsonText.ParseObject(stored);
        return obj.Text("apiVersion") == resource.ApiVersion ? stored : JsonText.Serialize(Convert(obj, resource));
    }
}
