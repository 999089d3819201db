using System.Text.Json;
using System.Text.Json.Serialization;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Client.Config;
using Kontena.Kubernetes.Resources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Kubernetes.Tests.Client;

internal sealed record Widget : IResource
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ObjectMeta Metadata { get; init; } = new();

    public int? Size { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.General, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Widget))]
[JsonSerializable(typeof(ResourceList<Widget>))]
internal sealed partial class WidgetJson : JsonSerializerContext;

/// <summary>A kind, its documents, and clients for it.</summary>
internal static class Widgets
{
    public static readonly ObjectKey Web = new("default", "web");

    public static readonly ResourceKind<Widget> Kind = new()
    {
        Group = "kontena.io",
        Version = "v1alpha1",
        Kind = "Widget",
        Plural = "widgets",
        Json = WidgetJson.Default.Widget,
        ListJson = WidgetJson.Default.ResourceListWidget,
    };

    public static readonly ResourceKind<Widget> Core = Kind with { Group = "", Version = "v1", Namespaced = false };

    public static string Json(string name = "web", string version = "7", int size = 1) =>
        $$"""{"apiVersion":"kontena.io/v1alpha1","kind":"Widget","metadata":{"name":"{{name}}","namespace":"default","uid":"u-{{name}}","resourceVersion":"{{version}}"},"size":{{size}}}""";

    public static string List(string version, string next, params string[] items) =>
        $$"""{"apiVersion":"kontena.io/v1alpha1","kind":"WidgetList","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[{{string.Join(",", items)}}]}""";

    public static Widget Named(string name) => new()
    {
        ApiVersion = "kontena.io/v1alpha1",
        Kind = "Widget",
        Metadata = new ObjectMeta { Name = name, Namespace = "default" },
    };

    public static KubeAccess Access(FakeApiServer server, User? user = null, Func<Cluster, Cluster>? cluster = null) =>
        Access(server.Url, user, cluster);

    public static KubeAccess Access(Uri url, User? user = null, Func<Cluster, Cluster>? cluster = null)
    {
        var plain = new Cluster { Name = "c", Server = url.AbsoluteUri };
        return new KubeConfig
        {
            Clusters = [cluster?.Invoke(plain) ?? plain],
            Users = [(user ?? new User { Name = "u" }) with { Name = "u" }],
            Contexts = [new Context("x", "c", "u", null)],
            CurrentContext = "x",
        }.Resolve();
    }

    public static KubeClient Client(KubeAccess access, TimeProvider? time = null, KubeClientOptions? options = null, ILogger<KubeClient>? log = null) =>
        new(access, options ?? new KubeClientOptions(), time ?? TimeProvider.System, log ?? NullLogger<KubeClient>.Instance);

    public static KubeClient Client(FakeApiServer server, TimeProvider? time = null, KubeClientOptions? options = null) =>
        Client(Access(server), time, options);
}
