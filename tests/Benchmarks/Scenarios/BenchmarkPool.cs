using System.Text;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Resources;
using Kontena.Simulator.Ec2;

namespace Kontena.Benchmarks.Scenarios;

/// <summary>The pool that is measured, and waiting for it.</summary>
internal sealed class BenchmarkPool(KubeClient api, string name)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public ObjectKey Key { get; } = new("default", name);

    /// <summary>The credentials that every benchmark pool names.</summary>
    public static Task PrepareAsync(KubeClient api, CancellationToken ct) => api.CreateAsync(CoreKinds.Secret, new Secret
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new ObjectMeta { Namespace = "default", Name = "aws" },
        Data = new Dictionary<string, byte[]>
        {
            ["accessKeyID"] = Encoding.UTF8.GetBytes(Ec2Options.DemoAccessKeyId),
            ["secretAccessKey"] = Encoding.UTF8.GetBytes(Ec2Options.DemoSecretAccessKey),
        },
    }, WriteOptions.Default, ct);

    public Task ApplyAsync(Uri cloud, int nodes, CancellationToken ct) => api.CreateAsync(KontenaKinds.NodePools, new NodePool
    {
        ApiVersion = KontenaKinds.NodePools.ApiVersion,
        Kind = KontenaKinds.NodePools.Kind,
        Metadata = new ObjectMeta { Namespace = Key.Namespace, Name = Key.Name },
        Spec = new NodePoolSpec
        {
            Replicas = nodes,
            Provider = new ProviderSpec
            {
                Aws = new AwsSettings { Region = "eu-west-1", Zones = ["a", "b", "c"], InstanceTypes = ["t3.small"], Endpoint = cloud.ToString(), CredentialsRef = new SecretRef { Name = "aws" } },
            },
        },
    }, WriteOptions.Default, ct);

    /// <summary>Returns when the pool's own status says Ready with so many nodes.</summary>
    public Task ReadyAsync(int nodes, CancellationToken ct) => UntilAsync($"{nodes} nodes Ready", pool =>
        pool is { Status: { } status } && status.ReadyReplicas == nodes && status.Conditions.Any(c => c is { Type: PoolConditions.Ready, Status: ConditionStatus.True }), ct);

    public async Task DeleteAsync(CancellationToken ct)
    {
        await api.DeleteAsync(KontenaKinds.NodePools, Key, new DeleteQuery(), ct);
        await UntilAsync("gone", pool => pool is null, ct);
    }

    private async Task UntilAsync(string what, Func<NodePool?, bool> holds, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        NodePool? last = null;
        try
        {
            last = await api.FindAsync(KontenaKinds.NodePools, Key, limit.Token);
            if (holds(last)) return;
            await using var watch = await api.WatchAsync(KontenaKinds.NodePools, new WatchQuery(last?.Metadata.ResourceVersion ?? "", Patience, Key.Namespace, FieldSelector: $"metadata.name={Key.Name}"), limit.Token);
            await foreach (var change in watch.EventsAsync(limit.Token))
            {
                last = change switch
                {
                    WatchEvent<NodePool>.Added e => e.Resource,
                    WatchEvent<NodePool>.Modified e => e.Resource,
                    WatchEvent<NodePool>.Deleted => null,
                    _ => last,
                };
                if (holds(last)) return;
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // Told below.
        }
        throw new TimeoutException($"{Key} was not {what} within {Patience}; it says {last?.Status?.Conditions.FirstOrDefault(c => c.Type == PoolConditions.Ready)?.Message ?? "nothing"}");
    }
}
