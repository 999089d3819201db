using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>Brings one node's machine about, watches it, and takes it away: see, plan, do, until there is something to wait for; then tell.</summary>
internal sealed class NodesReconciler(NodeContext context, NodeActions actions) : IReconciler
{
    /// <summary>More steps than any path has; a loop that does not come to rest goes to the back of the queue.</summary>
    private const int StepsPerRound = 12;

    public string Name => "nodes";

    public async Task<Next> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (context.Nodes.Store.Find(key) is not { } node) return new Next.AwaitChange();
        if (await context.Ledger.WaitAsync(node.Metadata.Uid!, KontenaKinds.KontenaNodes, context.Nodes, ct) is { } behind) return behind;
        // The ledger may just have had the store refreshed.
        if (context.Nodes.Store.Find(key) is not { } fresh) return new Next.AwaitChange();

        var round = new NodeRound(context, fresh);
        await round.OpenAccountAsync(ct);
        for (var steps = 0; steps < StepsPerRound; steps++)
        {
            var seen = round.See();
            var step = AccountNeeds.Instead(NodeLifecycle.Next(seen), round, context.Pace);
            if (step is NodeStep.Wait wait) return await TellAsync(round, seen, wait, ct);
            Log(round, step);
            if (!await actions.DoAsync(round, step, ct)) return Gone(round, step);
            if (round.AwaitsNews) break;
        }
        return new Next.After(TimeSpan.FromSeconds(1));
    }

    private async Task<Next> TellAsync(NodeRound round, NodeSeen seen, NodeStep.Wait step, CancellationToken ct)
    {
        var before = round.Node.Status;
        var after = NodeStatus.Compose(seen, step, round.Node.Metadata.Generation ?? 0, before);
        if (NodeStatus.IsWorthWriting(before, after))
        {
            var written = await context.Api.UpdateAsync(KontenaKinds.KontenaNodes, round.Node with { Status = after }, WriteOptions.Status, ct);
            context.Ledger.Record(round.Uid, KontenaKinds.KontenaNodes, written);
            NodeNews.Tell(context.Events, written, before);
        }
        FollowGrid(round, seen, step);
        if (Motion.IsUnderWay(step)) context.Inventories.Expect(round.Node.Metadata.Namespace!, round.Node.Spec.Provider.Settings);
        return step.For is { } wait ? new Next.After(wait) : new Next.AwaitChange();
    }

    /// <summary>What is about to happen at the Master is looked for often; what waits for a human is not.</summary>
    private void FollowGrid(NodeRound round, NodeSeen seen, NodeStep.Wait step)
    {
        if (seen.Grid is not { } grid) return;
        var ns = round.Node.Metadata.Namespace!;
        if (step.AsksHealth) context.Entries.Grids.AskHealth(ns, grid.View.Name, grid.Name);
        if (step is { Ready: false, NeedsHuman: false } && seen.Spec.Attempt is not null) context.Entries.Grids.Expect(ns, grid.View.Name);
    }

    private Next.AwaitChange Gone(NodeRound round, NodeStep step)
    {
        context.Events.Record(KontenaKinds.KontenaNodes, round.Node, EventType.Normal, step.Reason, step.Message);
        return new Next.AwaitChange();
    }

    private void Log(NodeRound round, NodeStep step)
    {
        if (step is NodeStep.LookUp or NodeStep.CountContainers or NodeStep.CheckMembers or NodeStep.VerifyEntry or NodeStep.ReadEntry)
            context.Log.LogDebug("{Reason}: {Message} {Node}", step.Reason, step.Message, round.Node.Metadata.Key);
        else
            context.Log.LogInformation("{Node} {Reason}: {Message}", round.Node.Metadata.Key, step.Reason, step.Message);
    }
}
