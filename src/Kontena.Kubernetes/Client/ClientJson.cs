using System.Text.Json;
using System.Text.Json.Serialization;
using Kontena.Kubernetes.Client.Auth;
using Kontena.Kubernetes.Client.Transport;
using Kontena.Kubernetes.Client.Watching;

namespace Kontena.Kubernetes.Client;

/// <summary>The documents that the client itself reads and writes.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KubeStatus))]
[JsonSerializable(typeof(DeleteOptions))]
[JsonSerializable(typeof(ExecCredentialAnswer))]
[JsonSerializable(typeof(BookmarkObject))]
internal sealed partial class ClientJson : JsonSerializerContext;
