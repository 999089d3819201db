using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kontena.Kubernetes.Resources.Core;

namespace Kontena.Operator.Resources;

/// <summary>How our resources are read and written: as the Kubernetes API does.</summary>
/// <remarks>
/// Not source-generated: generated code sets init-only properties as if they were constructor parameters, so a field that
/// is missing from the document becomes null or 0 instead of keeping the record's initial value
/// (https://github.com/dotnet/runtime/issues/84484). A list that "cannot be null" would then be.
/// </remarks>
public static class KontenaJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    /// <exception cref="JsonException">The document does not have the record's form.</exception>
    public static T Read<T>(JsonNode document) =>
        document.Deserialize(Of<T>()) ?? throw new JsonException($"The document is null, not a {typeof(T).Name}.");

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new TimeConverter(), new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }
}
