using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Controllers.Orphans;
using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Orphans;
using Kontena.Operator.Grids;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>
/// Carries out one step of a node. Each either succeeds, or notes in the node's trace why it did not; what is read next decides on. Order
/// within a step matters: what could be repeated wrongly is written down first.
/// </summary>
internal sealed class NodeActions(NodeContext context, EntryActions grids, BootstrapSecrets bootstraps, SecretHolds secrets, Finalizers finalizers, Tombstones tombstones)
{
    /// <returns>False where the node object is gone.</returns>
    public async Task<bool> DoAsync(NodeRound round, NodeStep step, CancellationToken ct)
    {
        try
        {
            switch (step)
            {
                case NodeStep.AddFinalizer:
                    return Took(round, await finalizers.EnsureAsync(KontenaKinds.KontenaNodes, round.Node, ApiGroup.NodeFinalizer, ct));
                case NodeStep.OpenAttempt open:
                    await OpenAttemptAsync(round, open, ct);
                    return true;
                case NodeStep.SendCreate:
                    await SendAsync(round, ct);
                    return true;
                case NodeStep.LookUp look:
                    await LookAsync(round, look.Query, ct);
                    return true;
                case NodeStep.RecordProviderId record:
                    await PatchSpecAsync(round, new JsonObject { ["providerID"] = record.ProviderId }, ct);
                    return true;
                case NodeStep.RecordLaterAttempt later:
                    await PatchSpecAsync(round, AttemptRecords.Spec(round.Node, AttemptRecords.OfLaunch(round, later.Machine, round.Node.Spec.Attempt), later.Machine.ProviderId), ct);
                    return true;
                case NodeStep.OpenAdoption adoption:
                    await OpenAdoptionAsync(round, adoption.Machine, ct);
                    return true;
                case NodeStep.Claim claim:
                    await ClaimAsync(round, claim, ct);
                    return true;
                case NodeStep.Terminate terminate:
                    await TerminateAsync(round, terminate.ProviderId, ct);
                    return true;
                case NodeStep.DropFinalizer drop:
                    await BuryAsync(round, drop, ct);
                    await secrets.ReleaseAsync(round.Node, ct);
                    return Took(round, await finalizers.RemoveAsync(KontenaKinds.KontenaNodes, round.Node, ApiGroup.NodeFinalizer, ct));
                case not null when EntryActions.Knows(step):
                    await grids.DoAsync(round, step, ct);
                    return true;
                default:
                    throw new ArgumentOutOfRangeException(nameof(step), step, "not a step that can be carried out");
            }
        }
        catch (MasterException fault)
        {
            round.MasterTrace = round.MasterTrace.AfterTrouble(fault, context.Time.GetUtcNow());
            return true;
        }
        catch (DriverException fault)
        {
            round.Trace = round.Trace.AfterTrouble(fault, context.Time.GetUtcNow(), Credentials(round));
            return true;
        }
    }

    /// <summary>Before the finalizer falls: once the node is gone nobody else could tell its late machine from a stranger's.</summary>
    private async Task BuryAsync(NodeRound round, NodeStep.DropFinalizer drop, CancellationToken ct)
    {
        if (!drop.LateMachinePossible && !drop.GivenUp) return;
        var kind = drop.GivenUp ? TombstoneKind.GivenUp : TombstoneKind.Late;
        await tombstones.WriteAsync(TombstoneDocument.Of(round.Node, kind, context.Installation.Id, context.Time.GetUtcNow()), ct);
    }

    private async Task OpenAttemptAsync(NodeRound round, NodeStep.OpenAttempt open, CancellationToken ct)
    {
        var node = round.Node;
        var resolved = await Driver(round).ResolveAsync(node.Spec.Provider.Settings, open.Offering, node.Spec.Template.OperatingSystem, Spread(node, open.Number), ct);
        var firewalls = WaysIn.ForLaunch(node, resolved.Network, round.Pool, round.Grid, context.Ports);
        var token = Token.Of(round.Uid, open.Number);
        var labels = node.Spec.GridRef is null ? null : KontenaLabels.Of(node.Metadata.Namespace!, node.Spec, round.Uid, resolved);
        var agent = labels is null ? null : AgentInputs.Of(node, await ConnectAsync(node, ct), labels, context.Entries.RandomBytes);
        var bootstrap = await bootstraps.KeepAsync(node, token, agent, Driver(round).Promises, ct);
        var (previous, before, master) = (node.Spec.Attempt, round.Trace, round.MasterTrace);
        var attempt = new CreateAttempt
        {
            Number = open.Number,
            NodeUID = round.Uid,
            Token = token,
            Zone = open.Offering.Zone,
            Type = open.Offering.Type,
            Image = resolved.Image,
            Resolved = resolved.Details,
            Firewalls = firewalls,
            KontenaNodeID = bootstrap.NodeId,
            KontenaLabels = labels,
            BootstrapRef = bootstrap.SecretName,
            BootstrapHash = bootstrap.Hash,
            OpenedAt = context.Time.GetUtcNow(),
        };
        await PatchSpecAsync(round, AttemptRecords.Spec(node, attempt, providerId: null), ct);
        round.Trace = AttemptTrace.Opened(open.Number);
        round.MasterTrace = master.Next(open.Number);
        round.Bootstrap = bootstrap;
        if (previous is null) return;
        await bootstraps.RemoveAsync(node, previous.Number, ct);
        await RemoveLeftoverAsync(node, previous.Number, before, ct);
    }

    /// <summary>Whoever opened an attempt that we inherited may have been killed between writing it down and removing the data of the one before it.</summary>
    private async Task RemoveLeftoverAsync(KontenaNode node, int attempt, AttemptTrace trace, CancellationToken ct)
    {
        if (trace is { OpenedHere: false, Sent: false } && attempt > 1) await bootstraps.RemoveAsync(node, attempt - 1, ct);
    }

    private Task<GridConnection> ConnectAsync(KontenaNode node, CancellationToken ct) =>
        context.Entries.Grids.OpenAsync(node.Metadata.Namespace!, node.Spec.GridRef!.Name, ct);

    /// <summary>The name that the machine has in its grid: its entry there is marked with the UID of the node that made it.</summary>
    private string? AdoptedName(NodeRound round) => round.Node.Spec is { GridRef: { } grid, Adopts: { } adopts }
        ? context.Entries.Grids.View(round.Node.Metadata.Namespace!, grid.Name).Last?.Nodes.FirstOrDefault(n => n.Label(KontenaLabels.Node) == adopts.NodeUID)?.Name
        : null;

    private async Task OpenAdoptionAsync(NodeRound round, Machine machine, CancellationToken ct)
    {
        var trace = round.Trace;
        var attempt = AttemptRecords.OfLaunch(round, machine, known: null);
        await PatchSpecAsync(round, AttemptRecords.Spec(round.Node, attempt, providerId: null, AdoptedName(round)), ct);
        // What was seen of the machine is as true of the attempt that is now written down; no create call of it can be on its way.
        round.Trace = trace with { Number = attempt.Number };
    }

    private async Task ClaimAsync(NodeRound round, NodeStep.Claim claim, CancellationToken ct)
    {
        var driver = Driver(round);
        try
        {
            var machine = await driver.ClaimAsync(claim.ProviderId, claim.From, claim.To, ct);
            round.Trace = round.Trace.AfterClaimed(machine, context.Time.GetUtcNow(), driver.Promises, Credentials(round));
        }
        catch (DriverException fault)
        {
            round.Trace = round.Trace.AfterClaimFailed(fault, context.Time.GetUtcNow(), Credentials(round));
        }
    }

    /// <summary>Neighbours go to different zones, and so do one node's attempts, where the user leaves the zone open.</summary>
    private static int Spread(KontenaNode node, int attempt) => node.Spec.Ordinal + attempt - 1;

    private async Task SendAsync(NodeRound round, CancellationToken ct)
    {
        var attempt = round.Node.Spec.Attempt!;
        var driver = Driver(round);
        await RemoveLeftoverAsync(round.Node, attempt.Number, round.Trace, ct);
        round.Bootstrap ??= await bootstraps.ReadAsync(round.Node.Metadata.Namespace!, attempt, ct);
        try
        {
            var machine = await driver.CreateAsync(Request(round, attempt, round.Bootstrap), ct);
            round.Trace = round.Trace.AfterMade(machine, context.Time.GetUtcNow());
        }
        catch (DriverException fault)
        {
            round.Trace = round.Trace.AfterRefused(fault, context.Time.GetUtcNow(), Credentials(round));
            if (fault.Fault == DriverFault.NoCapacity) context.Exhausted.Add(round.AccountKey, new Offering(attempt.Zone, attempt.Type));
        }
        catch (Exception)
        {
            // Cancelled in the middle, most likely: nobody knows whether the call left.
            round.Trace = round.Trace.AfterRefused(Interrupted(), context.Time.GetUtcNow(), Credentials(round));
            throw;
        }
    }

    private static DriverException Interrupted() => new(DriverFault.Unavailable, "The create call was interrupted.") { OutcomeUnknown = true };

    private MachineRequest Request(NodeRound round, CreateAttempt attempt, Bootstrap bootstrap) => new()
    {
        Name = round.Node.Metadata.Name!,
        Marks = new MachineMarks(context.Installation.Id, round.Node.Spec.PoolUID, round.Uid, attempt.Number),
        Attempt = attempt,
        Settings = round.Node.Spec.Provider.Settings,
        UserData = bootstrap.Data,
    };

    private async Task LookAsync(NodeRound round, MachineQuery query, CancellationToken ct)
    {
        var begun = context.Time.GetUtcNow();
        var driver = Driver(round);
        round.Trace = round.Trace.AfterLook(await driver.FindAsync(query, ct), begun, driver.Promises, Credentials(round));
    }

    private async Task TerminateAsync(NodeRound round, string providerId, CancellationToken ct)
    {
        await Driver(round).DeleteAsync(providerId, context.Installation.Id, ct);
        round.Trace = round.Trace.AfterDeleteAsked(context.Time.GetUtcNow());
    }

    /// <summary>The version is the precondition: a deposed leader, or a stale cache, is refused here, before anything is sent.</summary>
    private async Task PatchSpecAsync(NodeRound round, JsonObject spec, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = round.Node.Metadata.ResourceVersion },
            ["spec"] = spec,
        };
        Took(round, await context.Api.PatchAsync(KontenaKinds.KontenaNodes, round.Node.Metadata.Key, Patch.Merge(body), WriteOptions.Default, ct));
    }

    private bool Took(NodeRound round, KontenaNode? node)
    {
        if (node is null) return false;
        round.Node = node;
        context.Ledger.Record(round.Uid, KontenaKinds.KontenaNodes, node);
        return true;
    }

    private static string Credentials(NodeRound round) => round.Account?.Credentials ?? "";

    private static IMachineDriver Driver(NodeRound round) => round.Account?.Driver ?? throw round.AccountFault!;
}
