using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>Carries out the steps of a node that are the Master's: each may be repeated, and notes in the node's trace what came of it.</summary>
internal sealed class EntryActions(NodeContext context, BootstrapSecrets bootstraps)
{
    public static bool Knows(NodeStep step) =>
        step is NodeStep.Register or NodeStep.VerifyEntry or NodeStep.ReadEntry or NodeStep.RemoveEntry or NodeStep.Relabel or NodeStep.CheckMembers or NodeStep.TakeSlot or NodeStep.GiveSlotBack or NodeStep.Drain or NodeStep.CountContainers;

    public async Task DoAsync(NodeRound round, NodeStep step, CancellationToken ct)
    {
        try
        {
            await (step switch
            {
                NodeStep.Register register => RegisterAsync(round, register.Kontena, ct),
                NodeStep.VerifyEntry verify => VerifyAsync(round, verify.Kontena, ct),
                NodeStep.ReadEntry read => ReadAsync(round, read.Kontena, ct),
                NodeStep.RemoveEntry remove => RemoveAsync(round, remove.Kontena, ct),
                NodeStep.Relabel relabel => RelabelAsync(round, relabel, ct),
                NodeStep.CheckMembers check => CheckMembersAsync(round, check.Kontena, ct),
                NodeStep.TakeSlot take => TakeSlotAsync(round, take, ct),
                NodeStep.GiveSlotBack => GiveSlotBackAsync(round, ct),
                NodeStep.Drain drain => DrainAsync(round, drain.Kontena, ct),
                NodeStep.CountContainers count => CountAsync(round, count.Kontena, ct),
                _ => throw new ArgumentOutOfRangeException(nameof(step), step, "not a step at the Master"),
            });
        }
        catch (MasterException fault)
        {
            round.MasterTrace = round.MasterTrace.AfterTrouble(fault, context.Time.GetUtcNow());
        }
    }

    /// <summary>The token was written down with the attempt: whatever happens to the answer, the next look can ask whether the entry is ours.</summary>
    private async Task RegisterAsync(NodeRound round, string name, CancellationToken ct)
    {
        var key = Key(round);
        var attempt = round.Node.Spec.Attempt!;
        round.Bootstrap ??= await bootstraps.ReadAsync(key.Namespace!, attempt, ct);
        if (round.Bootstrap.NodeToken is not { } token)
            throw new DriverException(DriverFault.BadSettings, $"Secret {round.Bootstrap.SecretName} of attempt {attempt.Number} has no node token. Delete the node to begin anew.");
        var master = await MasterAsync(round, ct);
        if (!context.Entries.Registrations.TryBegin(key, EntryObservation.Of(context, round.Node)!)) return;
        var (made, outcomeUnknown) = (false, true);
        try
        {
            await master.CreateNodeAsync(new NewMasterNode(name, token, attempt.KontenaLabels ?? []), ct);
            round.MasterTrace = round.MasterTrace.AfterConfirmed(context.Time.GetUtcNow());
            (made, outcomeUnknown) = (true, false);
        }
        catch (MasterException fault)
        {
            outcomeUnknown = fault.OutcomeUnknown;
            round.MasterTrace = round.MasterTrace.AfterSent(fault, context.Time.GetUtcNow());
        }
        catch (Exception)
        {
            // Cancelled in the middle, most likely: nobody knows whether the call left.
            round.MasterTrace = round.MasterTrace.AfterSent(new MasterException(MasterFault.Unreachable, "The call that registers the node was interrupted.") { OutcomeUnknown = true }, context.Time.GetUtcNow());
            throw;
        }
        finally
        {
            context.Entries.Registrations.Ended(key, name, made, outcomeUnknown);
        }
        context.Entries.Grids.Expect(key.Namespace!, key.Name);
    }

    private async Task VerifyAsync(NodeRound round, string name, CancellationToken ct)
    {
        var (now, key) = (context.Time.GetUtcNow(), Key(round));
        if (await OwnTokenAsync(round, ct) is not { } own)
        {
            round.MasterTrace = round.MasterTrace with { HasToken = false };
            return;
        }
        var master = await MasterAsync(round, ct);
        if (await master.ReadNodeTokenAsync(name, ct) is { } token)
        {
            round.MasterTrace = token.Equals(own) ? round.MasterTrace.AfterConfirmed(now) : round.MasterTrace with { ForeignAt = now, NameMet = false, Trouble = null };
            return;
        }
        // No token is what a missing node has, and one that joined with the grid's own token.
        round.MasterTrace = await master.FindNodeAsync(name, ct) is null
            ? round.MasterTrace.AfterGone(now)
            : round.MasterTrace with { ForeignAt = now, NameMet = false, Trouble = null };
        context.Entries.Grids.Expect(key.Namespace!, key.Name);
    }

    private async Task ReadAsync(NodeRound round, string name, CancellationToken ct)
    {
        var now = context.Time.GetUtcNow();
        round.MasterTrace = await (await MasterAsync(round, ct)).FindNodeAsync(name, ct) is { } entry
            ? round.MasterTrace with { Read = (entry, now), Trouble = null }
            : round.MasterTrace.AfterGone(now);
    }

    private async Task<SecretText?> OwnTokenAsync(NodeRound round, CancellationToken ct)
    {
        if (round.Bootstrap is { } known) return known.NodeToken;
        try
        {
            round.Bootstrap = await bootstraps.ReadAsync(Key(round).Namespace!, round.Node.Spec.Attempt!, ct);
            return round.Bootstrap.NodeToken;
        }
        catch (DriverException fault) when (fault.Fault == DriverFault.BadSettings)
        {
            return null;
        }
    }

    private async Task RemoveAsync(NodeRound round, string name, CancellationToken ct)
    {
        await (await MasterAsync(round, ct)).DeleteNodeAsync(name, ct);
        // After the answer: a list that was begun while the call was on its way may still have the entry, or not.
        round.MasterTrace = round.MasterTrace.AfterGone(context.Time.GetUtcNow());
        context.Entries.Grids.Expect(Key(round).Namespace!, Key(round).Name);
    }

    private async Task RelabelAsync(NodeRound round, NodeStep.Relabel relabel, CancellationToken ct)
    {
        var found = await (await MasterAsync(round, ct)).SetLabelsAsync(relabel.Kontena, relabel.Labels, ct);
        var now = context.Time.GetUtcNow();
        round.MasterTrace = found ? round.MasterTrace with { RelabelledAt = now, Trouble = null } : round.MasterTrace.AfterGone(now);
        context.Entries.Grids.Expect(Key(round).Namespace!, Key(round).Name);
    }

    private async Task CheckMembersAsync(NodeRound round, string name, CancellationToken ct)
    {
        var key = Key(round);
        var view = context.Entries.Grids.View(key.Namespace!, key.Name);
        if (view is not { Last: { } listing, Grid: { } grid }) return;
        var master = await MasterAsync(round, ct);
        var asked = context.Time.GetUtcNow();
        var answers = await Task.WhenAll(QuorumRule.Members(listing, grid.InitialSize).Where(n => n.Name != name && n.Connected)
            .Select(async n => (n.Name, Health: await master.CheckHealthAsync(n.Name, ct))));
        round.MasterTrace = round.MasterTrace with
        {
            Health = answers.Where(a => a.Health is not null).ToDictionary(a => a.Name, a => a.Health!, StringComparer.Ordinal),
            HealthAt = asked,
            Trouble = null,
        };
    }

    private async Task TakeSlotAsync(NodeRound round, NodeStep.TakeSlot take, CancellationToken ct)
    {
        var key = Key(round);
        var slot = new GridSlot { NodeUID = round.Uid, Name = round.Node.Metadata.Name!, Number = take.Number, Since = context.Time.GetUtcNow() };
        if (!await context.Entries.Slots.TakeAsync(key.Namespace!, key.Name, slot, ct)) round.MasterTrace = round.MasterTrace with { Health = null };
        // Whoever has it now, the watch of the Grid says so.
        round.AwaitsNews = true;
    }

    private async Task GiveSlotBackAsync(NodeRound round, CancellationToken ct)
    {
        await context.Entries.Slots.ReleaseAsync(Key(round).Namespace!, Key(round).Name, round.Uid, ct);
        round.AwaitsNews = true;
    }

    private async Task DrainAsync(NodeRound round, string name, CancellationToken ct)
    {
        await (await MasterAsync(round, ct)).DrainNodeAsync(name, ct);
        round.MasterTrace = round.MasterTrace with { DrainAskedAt = context.Time.GetUtcNow(), Containers = null, Trouble = null };
        context.Entries.Grids.Expect(Key(round).Namespace!, Key(round).Name);
    }

    private async Task CountAsync(NodeRound round, string name, CancellationToken ct)
    {
        var counted = await context.Entries.Containers.OfAsync(Key(round), await MasterAsync(round, ct), name, round.MasterTrace.DrainAskedAt ?? DateTimeOffset.MinValue, ct);
        round.MasterTrace = round.MasterTrace with { Containers = counted, Trouble = null };
    }

    private async Task<IKontenaMaster> MasterAsync(NodeRound round, CancellationToken ct) =>
        (await context.Entries.Grids.OpenAsync(Key(round).Namespace!, Key(round).Name, ct)).Master;

    private static ObjectKey Key(NodeRound round) => new(round.Node.Metadata.Namespace!, round.Node.Spec.GridRef!.Name);
}
