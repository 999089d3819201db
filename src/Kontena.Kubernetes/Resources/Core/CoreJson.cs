using System.Text.Json.Serialization;

namespace Kontena.Kubernetes.Resources.Core;

/// <summary>Serialisation of the core kinds: camelCase, nulls left out, unknown members skipped, times as the API server writes them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TimeConverter)])]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(ResourceList<Secret>))]
[JsonSerializable(typeof(ConfigMap))]
[JsonSerializable(typeof(ResourceList<ConfigMap>))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(ResourceList<Event>))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(ResourceList<Lease>))]
[JsonSerializable(typeof(Namespace))]
[JsonSerializable(typeof(ResourceList<Namespace>))]
[JsonSerializable(typeof(Scale))]
[JsonSerializable(typeof(ResourceList<Scale>))]
[JsonSerializable(typeof(PartialResource))]
[JsonSerializable(typeof(ResourceList<PartialResource>))]
internal sealed partial class CoreJson : JsonSerializerContext;
