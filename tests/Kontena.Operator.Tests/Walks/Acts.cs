using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Walks;

/// <summary>What users do, with kubectl, past every fault of the walk.</summary>
internal sealed class Acts(World world)
{
    private static readonly string[] Names = ["amber", "beryl", "coral"];
    private static readonly string[] SecretNames = ["aws-one", "aws-two"];

    private static readonly string[][] Types = [["t3.small"], ["t3.small", "t3.large"], ["t3.large", "t3.small"], [WalkedCloud.ImpossibleType]];

    private int edits;

    public static IReadOnlyList<string> Secrets => SecretNames;

    public List<NodePool> Pools => [.. world.Api.PeekAll(KontenaKinds.NodePools)];

    public List<KontenaNode> Nodes => [.. world.Api.PeekAll(KontenaKinds.KontenaNodes)];

    public string Apply(int name, int replicas, int secret)
    {
        var key = new ObjectKey(World.Namespace, Names[name % Names.Length]);
        var pool = new NodePool
        {
            ApiVersion = KontenaKinds.NodePools.ApiVersion,
            Kind = KontenaKinds.NodePools.Kind,
            Metadata = new ObjectMeta { Namespace = key.Namespace, Name = key.Name },
            Spec = new NodePoolSpec
            {
                GridRef = world.HasGrid ? new GridRef { Name = Realm.GridName } : null,
                Network = replicas / 7 % 2 == 0 ? new NetworkSpec { Ports = [new PortSpec { Name = "http", Port = "80", Sources = ["0.0.0.0/0"] }] } : null,
                Replicas = replicas % 7 == 6 ? null : replicas % 7 % 5,
                Provider = new ProviderSpec { Aws = new AwsSettings { Region = "eu-west-1", Zones = ["a", "b"], InstanceTypes = Types[name / 3 % 3], CredentialsRef = new SecretRef { Name = SecretNames[secret % 2] } } },
            },
        };
        return Tell($"applies {key.Name} with {pool.Spec.Replicas?.ToString(CultureInfo.InvariantCulture) ?? "no"} replicas and {SecretNames[secret % 2]}", () => world.Api.CreateAsync(KontenaKinds.NodePools, pool, WriteOptions.Default, CancellationToken.None));
    }

    public string Scale(int which, int replicas) => Edit(which, $"scales to {replicas % 6}", spec => spec with { Replicas = replicas % 6 });

    public string EditTypes(int which, int types) => Edit(which, $"asks for {string.Join(' ', Types[types % Types.Length])}", spec => WithAws(spec, aws => aws with { InstanceTypes = Types[types % Types.Length] }));

    public string EditUserData(int which) => Edit(which, $"writes user-data {++edits}", spec => spec with { Template = spec.Template with { UserData = new UserDataSpec { Inline = $"#!/bin/sh\n# {edits}" } } });

    public string SetPaused(int which, bool paused) => Edit(which, paused ? "pauses" : "unpauses", spec => spec with { Paused = paused });

    public string MoveToSecret(int which, int secret) => Edit(which, $"takes the credentials {SecretNames[secret % 2]}", spec => WithAws(spec, aws => aws with { CredentialsRef = new SecretRef { Name = SecretNames[secret % 2] } }));

    public string DeletePool(int which) => Pools is { Count: > 0 } pools ? DeletePool(pools[which % pools.Count]) : "has no pool to delete";

    public string DeletePool(NodePool pool) =>
        Tell($"deletes the pool {pool.Metadata.Name}", () => world.Api.DeleteAsync(KontenaKinds.NodePools, pool.Metadata.Key, new DeleteQuery(), CancellationToken.None));

    public string DeleteNode(int which) => Nodes is { Count: > 0 } nodes ? DeleteNode(nodes[which % nodes.Count]) : "has no node to delete";

    /// <summary>As the conditions tell it: the node's own UID; copied from elsewhere it means nothing.</summary>
    public string Abandon(int which, int how)
    {
        if (Nodes is not { Count: > 0 } nodes) return "has no node to abandon";
        var node = nodes[which % nodes.Count];
        // Consent that was given is not taken back: whether that is in time is chance.
        var given = node.Metadata.Annotations?.GetValueOrDefault(ApiGroup.AbandonAnnotation) == node.Metadata.Uid;
        var uid = how % 4 == 0 && !given ? "copied-from-elsewhere" : node.Metadata.Uid!;
        var body = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [ApiGroup.AbandonAnnotation] = uid } } };
        var what = Tell($"abandons the node {node.Metadata.Name} as {uid}", () => world.Api.PatchAsync(KontenaKinds.KontenaNodes, node.Metadata.Key, Patch.Merge(body), WriteOptions.Default, CancellationToken.None));
        return how % 4 == 3 ? what : $"{what}, {DeleteNode(node)}";
    }

    public string DeleteNode(KontenaNode node) =>
        Tell($"deletes the node {node.Metadata.Name}", () => world.Api.DeleteAsync(KontenaKinds.KontenaNodes, node.Metadata.Key, new DeleteQuery(), CancellationToken.None));

    /// <summary>Makes the Secret where it is missing.</summary>
    public string WriteCredentials(int which, Keys keys)
    {
        var key = new ObjectKey(World.Namespace, SecretNames[which % 2]);
        var data = new Dictionary<string, byte[]> { [World.CredentialKey] = Encoding.UTF8.GetBytes($"{keys}-{++edits}") };
        if (keys == Keys.OfAnotherAccount) world.Witness.MayLose(key.Name);
        return Tell($"writes keys that are {keys} into {key.Name}", () => world.Api.Peek(CoreKinds.Secret, key) is { } secret
            ? world.Api.UpdateAsync(CoreKinds.Secret, secret with { Data = data }, WriteOptions.Default, CancellationToken.None)
            : world.Api.CreateAsync(CoreKinds.Secret, new Secret { ApiVersion = "v1", Kind = "Secret", Metadata = new ObjectMeta { Namespace = key.Namespace, Name = key.Name }, Data = data }, WriteOptions.Default, CancellationToken.None));
    }

    public string DeleteCredentials(int which) =>
        Tell($"deletes the Secret {SecretNames[which % 2]}", () => world.Api.DeleteAsync(CoreKinds.Secret, new ObjectKey(World.Namespace, SecretNames[which % 2]), new DeleteQuery(), CancellationToken.None));

    public void Edit(NodePool pool, Func<NodePoolSpec, NodePoolSpec> change) =>
        world.Api.UpdateAsync(KontenaKinds.NodePools, pool with { Spec = change(pool.Spec) }, WriteOptions.Default, CancellationToken.None).GetAwaiter().GetResult();

    public static NodePoolSpec WithAws(NodePoolSpec spec, Func<AwsSettings, AwsSettings> change) => spec with { Provider = spec.Provider with { Aws = change(spec.Provider.Aws!) } };

    private string Edit(int which, string what, Func<NodePoolSpec, NodePoolSpec> change)
    {
        if (Pools is not { Count: > 0 } pools) return "has no pool to edit";
        var pool = pools[which % pools.Count];
        return Tell($"{what} {pool.Metadata.Name}", () =>
        {
            Edit(pool, change);
            return Task.CompletedTask;
        });
    }

    private string Tell(string what, Func<Task> act)
    {
        world.Statistics.Acts++;
        try
        {
            act().GetAwaiter().GetResult();
            return what;
        }
        catch (KubeFault refused)
        {
            return $"{what}: {refused.Message}";
        }
    }
}

/// <summary>What a Secret opens.</summary>
internal enum Keys
{
    Good,

    /// <summary>The cloud refuses them.</summary>
    Refused,

    /// <summary>Of an account that has no machine of ours, and says so truthfully. Nobody lets us make any there.</summary>
    OfAnotherAccount,
}
