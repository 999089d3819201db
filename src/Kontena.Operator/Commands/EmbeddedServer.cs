using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Client.Config;
using Kontena.Operator.Resources;
using Kontena.Standalone;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Commands;

/// <summary>The embedded API server with our kinds in it, and a client that talks to it as to any other.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly StandaloneServer server;

    private EmbeddedServer(StandaloneServer server, KubeClient client) => (this.server, Client) = (server, client);

    public KubeClient Client { get; }

    public Uri Address => server.Address;

    public string KubeconfigPath => server.KubeconfigPath;

    /// <exception cref="IOException">The folder or the port is in use.</exception>
    public static async Task<EmbeddedServer> StartAsync(string folder, int port, ILoggerFactory logs, CancellationToken ct)
    {
        var options = new StandaloneOptions { DataDirectory = folder, Port = port, CustomResourceDefinitions = CustomResources.All(), Rules = new OurRules() };
        var server = await StandaloneServer.StartAsync(options, logs, ct);
        var access = KubeConfig.Read(server.KubeconfigPath).Resolve();
        return new EmbeddedServer(server, new KubeClient(access, new KubeClientOptions(), TimeProvider.System, logs.CreateLogger<KubeClient>()));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await server.DisposeAsync();
    }

    private sealed class OurRules : IObjectRules
    {
        public IReadOnlyList<RuleViolation> Check(string group, string kind, JsonObject? old, JsonObject @new, string? subresource) =>
            [.. KontenaRules.Check(group, kind, old, @new, subresource).Select(v => new RuleViolation(v.Path, v.Reason, v.Message))];
    }
}
