using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Commands;
using Kontena.TestKit;
using Kontena.TestKit.Engines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Benchmarks.Parts;

/// <summary>The API server of <c>standalone</c> without its operator, so that each can be weighed alone.</summary>
internal sealed class EmbeddedPart : ServerPart
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);
    private readonly LeashedProcess process;
    private readonly string folder;

    private EmbeddedPart(LeashedProcess process, string folder, string kubeconfig) : base(kubeconfig) => (this.process, this.folder) = (process, folder);

    public override IReadOnlyList<int> Pids => [process.Pid];

    public static async Task<ServerPart> StartAsync(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("kontena-bench-server-").FullName;
        var ready = Path.Combine(folder, "ready");
        var process = LeashedProcess.Start(folder, Environment.ProcessPath!, ["serve", folder]);
        try
        {
            await Eventually.HoldsAsync(() => Task.FromResult(File.Exists(ready) ? true : process.HasExited ? throw new InvalidOperationException(process.RecentLog(20)) : false), "the embedded API server up", StartsWithin, ct);
            return new EmbeddedPart(process, folder, await File.ReadAllTextAsync(ready, ct));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>The other side: serves until it is killed, which the leash does.</summary>
    public static async Task<int> ServeAsync(string folder)
    {
        await using var server = await EmbeddedServer.StartAsync(Path.Combine(folder, "data"), 0, NullLoggerFactory.Instance, CancellationToken.None);
        await server.Client.GetAsync(CoreKinds.Namespace, new ObjectKey("", "kube-system"), CancellationToken.None);
        // Moved into place, or half of it could be read.
        await File.WriteAllTextAsync(Path.Combine(folder, "ready.new"), server.KubeconfigPath);
        File.Move(Path.Combine(folder, "ready.new"), Path.Combine(folder, "ready"));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        return 0;
    }

    public override Task<IReadOnlyDictionary<string, long>?> CountedWritesAsync(CancellationToken ct) => Task.FromResult<IReadOnlyDictionary<string, long>?>(null);

    protected override async ValueTask StopAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
