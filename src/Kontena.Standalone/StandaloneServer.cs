using Kontena.Standalone.Admission;
using Kontena.Standalone.Certificates;
using Kontena.Standalone.GarbageCollection;
using Kontena.Standalone.Hosting;
using Kontena.Standalone.Verbs;
using Kontena.Standalone.Watches;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Kontena.Standalone;

/// <summary>
/// An API server for one user on one machine: the Kubernetes API for custom resources and a few core kinds, on loopback with
/// TLS and a token, stored in SQLite. An unmodified kubectl (1.30 or newer) works against it.
/// </summary>
public sealed class StandaloneServer : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private readonly DataDirectory data;
    private readonly ObjectStore store;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private WebApplication? app;
    private Task background = Task.CompletedTask;
    private int disposed;

    private StandaloneServer(DataDirectory data, ObjectStore store, TimeProvider time) => (this.data, this.store, this.time) = (data, store, time);

    /// <summary>Such as <c>https://127.0.0.1:41234/</c>.</summary>
    public Uri Address { get; private set; } = new("https://127.0.0.1");

    /// <summary>A kubeconfig with the address, the CA and the token.</summary>
    public string KubeconfigPath => data.Kubeconfig;

    /// <summary>Opens the data directory, starts to listen, and returns when requests are answered.</summary>
    /// <exception cref="IOException">The directory is in use, or the port is.</exception>
    /// <exception cref="ArgumentException">One of the CustomResourceDefinitions cannot be served; the message says why.</exception>
    public static async Task<StandaloneServer> StartAsync(StandaloneOptions options, ILoggerFactory logs, CancellationToken ct)
    {
        var data = DataDirectory.Open(options.DataDirectory);
        StandaloneServer? server = null;
        try
        {
            server = new StandaloneServer(data, ObjectStore.Open(data.Database, options.RetainedChanges, options.Time), options.Time);
            await server.RunAsync(options, logs, ct);
            return server;
        }
        catch
        {
            if (server is not null) await server.DisposeAsync();
            else data.Dispose();
            throw;
        }
    }

    /// <summary>Ends the watches, answers what is under way, and closes the store; takes two seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await stopping.CancelAsync();
        if (app is not null)
        {
            // On the machine's clock even under a test's: a stop must end.
            using var limit = new CancellationTokenSource(StopLimit, TimeProvider.System);
            await app.StopAsync(limit.Token);
            await app.DisposeAsync();
        }
        await background;
        await store.DisposeAsync();
        data.Dispose();
        stopping.Dispose();
    }

    /// <summary>Makes every part and joins them, in order.</summary>
    private async Task RunAsync(StandaloneOptions options, ILoggerFactory logs, CancellationToken ct)
    {
        var cache = new WatchCache(store.Read(r => r.Version));
        var catalog = new CurrentCatalog();
        catalog.Load(store.Read(r => r.List(new ListQuery(BuiltInResources.CustomResourceDefinition.GroupResource))!.Items)
            .Select(crd => JsonText.ParseObject(crd.Json)));
        // The catalog first: whoever learns of a CRD by watching must find it served.
        store.Committed = changes =>
        {
            catalog.Follow(changes);
            cache.Publish(changes);
        };

        var admission = new ObjectAdmission(options.Rules);
        var creation = new Creation(store, admission, time);
        var update = new Update(store, admission, time);
        var deletion = new Deletion(store, time);
        await new InitialObjects(store, creation, update).EnsureAsync(options.CustomResourceDefinitions, ct);

        var collector = new GarbageCollector(store, catalog, deletion, logs.CreateLogger<GarbageCollector>());
        var loop = new CollectorLoop(store, cache, collector, time, logs.CreateLogger<CollectorLoop>());
        var expiry = new EventExpiry(store, time, logs.CreateLogger<EventExpiry>());
        background = Task.WhenAll(Task.Run(() => loop.RunAsync(stopping.Token), ct), Task.Run(() => expiry.RunAsync(stopping.Token), ct));

        var token = AccessToken.LoadOrCreate(data.Token);
        var (certificate, ca) = ServerCertificate.LoadOrCreate(data.Certificates, time.GetUtcNow());
        var apply = new ServerSideApply(creation, update, time);
        var resources = new ResourceHandler(store, creation, update, apply, deletion, new Listing(store), new WatchStream(store, cache, time), time);
        var handler = new ApiHandler(token, store, catalog, new DocumentHandler(catalog), resources, time, logs.CreateLogger<ApiHandler>(), stopping.Token);
        app = await LoopbackHost.StartAsync(options.Port == 0 ? data.Port : options.Port, options.Port == 0, certificate, handler.HandleAsync, logs, ct);

        Address = LoopbackHost.Address(app);
        data.Port = Address.Port;
        PrivateFiles.Write(data.Kubeconfig, Certificates.Kubeconfig.Render(Address, ca, token.Value));
    }
}
