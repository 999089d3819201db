using System.Runtime.Versioning;
using Kontena.EndToEnd.Crash.Judging;
using Kontena.EndToEnd.Operator;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Resources;
using Kontena.TestKit;

namespace Kontena.EndToEnd.HighAvailability;

/// <summary>The operators of one scene, who of them led when, and what must never be.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Replicas : IAsyncDisposable
{
    /// <summary>The exit code of an operator that lost its lease.</summary>
    public const int LostLease = 3;

    private static readonly TimeSpan patience = Eventually.Patience;

    private readonly OperatorScene scene;
    private readonly string[] arguments;
    private readonly List<Replica> all = [];
    private readonly CancellationTokenSource over = new();
    private readonly Followed<Lease> leases;
    private readonly Followed<KontenaNode> nodes;
    private readonly Witness witness;
    private readonly Lock gate = new();
    private readonly List<Reign> reigns = [];
    private Task following = Task.CompletedTask;

    private Replicas(OperatorScene scene, string[] arguments)
    {
        (this.scene, this.arguments) = (scene, arguments);
        witness = new Witness(() => scene.Machines);
        leases = new Followed<Lease>(scene.Api, CoreKinds.Lease, scene.Namespace, TimeProvider.System) { Changed = (_, after) => Note(after) };
        nodes = new Followed<KontenaNode>(scene.Api, KontenaKinds.KontenaNodes, scene.Namespace, TimeProvider.System) { Changed = witness.OfChange };
    }

    /// <summary>In order; a lease that was given back ends a reign, and begins none.</summary>
    public IReadOnlyList<Reign> Reigns
    {
        get { lock (gate) return [.. reigns]; }
    }

    public IReadOnlyList<Replica> All => all;

    /// <summary>The one that took the lease last.</summary>
    public Replica Leader => all.First(r => Reigns[^1].IsOf(r));

    /// <summary>One that leads and one that stands by.</summary>
    public static async Task<Replicas> StartTwoAsync(OperatorScene scene, params string[] arguments)
    {
        var replicas = new Replicas(scene, arguments);
        await Task.WhenAll(replicas.leases.BeginAsync(scene.Ct), replicas.nodes.BeginAsync(scene.Ct));
        replicas.following = Task.WhenAll(replicas.leases.RunAsync(replicas.over.Token), replicas.nodes.RunAsync(replicas.over.Token));
        await replicas.StartAsync();
        await replicas.StartAsync();
        return replicas;
    }

    public async Task<Replica> StartAsync()
    {
        var replica = await Replica.StartAsync(scene, arguments);
        all.Add(replica);
        return replica;
    }

    /// <summary>Waits until another than this one leads.</summary>
    public async Task<Reign> AnotherLeadsAsync(Replica than)
    {
        await Eventually.HoldsAsync(async () =>
        {
            await ReplaceAsync();
            return !Reigns[^1].IsOf(than);
        }, "another replica leads", patience, scene.Ct);
        return Reigns[^1];
    }

    /// <summary>As a Deployment does: where a replica ended because it lost its lease (on a starved machine a leader may), another starts.</summary>
    public async Task ReplaceAsync()
    {
        foreach (var replica in all.Where(r => r is { HasExited: true, IsOver: false }).ToList())
        {
            replica.IsOver = true;
            if (await replica.ExitAsync(scene.Ct) != LostLease) throw new InvalidOperationException($"A replica ended by itself:\n{replica.Log}");
            await StartAsync();
        }
    }

    /// <param name="most">As many machines as were ever asked for at one time.</param>
    public IReadOnlyList<string> Violations(int most) => [.. witness.Violations, .. MachineLaw.Violations([.. scene.Machines], most)];

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in all) await replica.DisposeAsync();
        await over.CancelAsync();
        await following;
        over.Dispose();
    }

    private void Note(Lease? lease)
    {
        if (string.IsNullOrEmpty(lease?.Spec.HolderIdentity)) return;
        lock (gate)
            if (reigns.Count == 0 || reigns[^1].Holder != lease.Spec.HolderIdentity)
                reigns.Add(new Reign(lease.Spec.HolderIdentity, TimeProvider.System.GetUtcNow(), lease.Spec.AcquireTime!.Value));
    }
}

/// <summary>One replica's time as leader.</summary>
/// <param name="SeenAt">By the test's own watch, a moment after the lease was taken.</param>
/// <param name="SentAt">As the lease says: a moment before it was taken, by the same machine's clock.</param>
[SupportedOSPlatform("linux")]
internal sealed record Reign(string Holder, DateTimeOffset SeenAt, DateTimeOffset SentAt)
{
    public bool IsOf(Replica replica) => Holder.Contains($"-{replica.Pid}-", StringComparison.Ordinal);
}
