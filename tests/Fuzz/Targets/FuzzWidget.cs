using System.Text.Json;
using System.Text.Json.Serialization;
using Kontena.Kubernetes.Resources;

namespace Kontena.Fuzz.Targets;

internal sealed record FuzzWidget : IResource
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ObjectMeta Metadata { get; init; } = new();

    public int? Size { get; init; }

    public static ResourceKind<FuzzWidget> Resource { get; } = new()
    {
        Group = "kontena.io",
        Version = "v1alpha1",
        Kind = "Widget",
        Plural = "widgets",
        Json = FuzzWidgetJson.Default.FuzzWidget,
        ListJson = FuzzWidgetJson.Default.ResourceListFuzzWidget,
    };
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.General, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FuzzWidget))]
[JsonSerializable(typeof(ResourceList<FuzzWidget>))]
internal sealed partial class FuzzWidgetJson : JsonSerializerContext;
