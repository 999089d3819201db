using System.Text;
using Kontena.Operator.Core.Api;
using Kontena.TestKit;

namespace Kontena.EndToEnd.Operator;

/// <summary>Bounded waits for what the operator is to bring about; one that is over says how things stand instead.</summary>
internal sealed class SceneWaits(OperatorScene scene)
{
    public async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        try
        {
            await Eventually.HoldsAsync(async () =>
            {
                if (scene.Operator is { Running.IsFaulted: true }) await scene.Operator.Running;
                return await condition();
            }, what, within ?? Eventually.Patience, scene.Ct);
        }
        catch (TimeoutException)
        {
            throw new AssertionException($"Not within {within ?? Eventually.Patience}: {what}\n{await DescribeAsync()}");
        }
    }

    public Task UntilAsync(Func<bool> condition, string what, TimeSpan? within = null) => UntilAsync(() => Task.FromResult(condition()), what, within);

    /// <summary>The pool is told of in its present generation, and this condition holds with that reason.</summary>
    public async Task<Condition> PoolAsync(string name, string type, string status, string? reason = null)
    {
        Condition? found = null;
        await UntilAsync(async () =>
        {
            var pool = await scene.Objects.FindPoolAsync(name);
            if (pool?.Status?.ObservedGeneration != pool?.Metadata.Generation) return false;
            found = pool?.Status?.Conditions.FirstOrDefault(c => c.Type == type);
            return found?.Status == status && (reason is null || found.Reason == reason);
        }, $"pool {name} has {type}={status} {reason}");
        return found!;
    }

    /// <summary>Ready with so many nodes, and so many machines live for it.</summary>
    public async Task ReadyAsync(string name, int replicas)
    {
        await UntilAsync(async () =>
        {
            var pool = await scene.Objects.FindPoolAsync(name);
            return pool?.Status is { } status && status.ObservedGeneration == pool.Metadata.Generation && status.Replicas == replicas
                && status.Conditions.Any(c => c is { Type: "Ready", IsTrue: true });
        }, $"pool {name} is Ready with {replicas} nodes");
    }

    public Task StalledAsync(string name, string reason) => PoolAsync(name, "Stalled", "True", reason);

    public async Task<Condition> NodeAsync(string name, string reason)
    {
        Condition? found = null;
        await UntilAsync(async () =>
        {
            found = (await scene.Objects.FindNodeAsync(name))?.Status?.Conditions.FirstOrDefault(c => c.Type == "Ready");
            return found?.Reason == reason;
        }, $"node {name} has Ready {reason}");
        return found!;
    }

    /// <summary>So many more complete rounds of listings are over: what they would have led to has begun.</summary>
    public async Task ListingsAsync(int count)
    {
        var end = scene.Ec2.Calls.Count("DescribeInstances") + count;
        await UntilAsync(() => scene.Ec2.Calls.Count("DescribeInstances") >= end, $"{count} more listings");
    }

    /// <summary>How things stand: pools, nodes, machines, calls and the last of the log.</summary>
    public async Task<string> DescribeAsync()
    {
        var text = new StringBuilder();
        foreach (var pool in await scene.Objects.PoolsAsync())
        {
            text.AppendLine($"pool {pool.Metadata.Name} generation {pool.Metadata.Generation}{(pool.Metadata.IsBeingDeleted ? " (being deleted)" : "")} finalizers [{string.Join(' ', pool.Metadata.Finalizers ?? [])}]");
            foreach (var c in pool.Status?.Conditions ?? []) text.AppendLine($"  {c.Type}={c.Status} {c.Reason}: {c.Message}");
        }
        foreach (var node in await scene.Objects.NodesAsync())
        {
            text.AppendLine($"node {node.Metadata.Name} {node.Metadata.Uid}{(node.Metadata.IsBeingDeleted ? " (being deleted)" : "")} attempt {node.Spec.Attempt?.Number} {node.Spec.ProviderID} {node.Status?.MachineState}");
            foreach (var c in node.Status?.Conditions ?? []) text.AppendLine($"  {c.Type}={c.Status} {c.Reason}: {c.Message}");
        }
        if (scene.HasMaster) text.Append(await scene.Grids.DescribeAsync());
        foreach (var machine in scene.Machines)
            text.AppendLine($"machine {machine.Id} {machine.Zone} {machine.InstanceType} {machine.State} of node {machine.Tags.GetValueOrDefault("kontena-node")}");
        text.Append(scene.Firewalls.Describe());
        text.AppendLine($"calls {string.Join(' ', scene.Ec2.Calls.Counts.Select(c => $"{c.Key}={c.Value}"))}");
        foreach (var line in scene.Logs.Shown.TakeLast(40)) text.AppendLine(line.ToString());
        return text.ToString();
    }
}
