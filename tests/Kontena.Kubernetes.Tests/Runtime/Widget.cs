using System.Text.Json.Serialization;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;

namespace Kontena.Kubernetes.Tests.Runtime;

/// <summary>A custom resource of the tests' own.</summary>
public sealed record WidgetSpec
{
    public int Size { get; init; }
}

public sealed record WidgetStatus
{
    public string? Phase { get; init; }
}

public static class Widgets
{
    public static ResourceKind<Resource<WidgetSpec, WidgetStatus>> Kind { get; } = new()
    {
        Group = "test.kontena.io",
        Version = "v1",
        Kind = "Widget",
        Plural = "widgets",
        Json = RuntimeWidgetJson.Default.ResourceWidgetSpecWidgetStatus,
        ListJson = RuntimeWidgetJson.Default.ResourceListResourceWidgetSpecWidgetStatus,
    };

    public static Resource<WidgetSpec, WidgetStatus> Named(string name, int size = 1) => new()
    {
        Metadata = new ObjectMeta { Namespace = "shop", Name = name },
        Spec = new WidgetSpec { Size = size },
    };

    public static ObjectKey Key(string name) => new("shop", name);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TimeConverter)])]
[JsonSerializable(typeof(Resource<WidgetSpec, WidgetStatus>))]
[JsonSerializable(typeof(ResourceList<Resource<WidgetSpec, WidgetStatus>>))]
internal sealed partial class RuntimeWidgetJson : JsonSerializerContext;
