using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>Carries out the steps as the operator does: each notes in the node's traces what came of it.</summary>
internal sealed partial class GridModel
{
    /// <returns>False where the round ends with it.</returns>
    private bool Do(GridNodeModel node, NodeStep step)
    {
        try
        {
            return DoAtMaster(node, step) ?? DoAtCloud(node, step);
        }
        catch (DriverException fault)
        {
            node.Trace = step is NodeStep.SendCreate ? node.Trace.AfterRefused(fault, Now, "c") : node.Trace.AfterTrouble(fault, Now, "c");
        }
        catch (MasterException fault)
        {
            node.MasterTrace = node.MasterTrace.AfterTrouble(fault, Now);
        }
        return true;
    }

    private bool DoAtCloud(GridNodeModel node, NodeStep step)
    {
        switch (step)
        {
            case NodeStep.OpenAttempt open:
                node.Open(open, Now);
                tokens[(node.Uid, open.Number)] = node.Tokens[open.Number];
                break;
            case NodeStep.SendCreate:
                node.Trace = node.Trace.AfterMade(Cloud.Create(node.Marks, node.Spec.Attempt!.Token, Now), Now);
                break;
            case NodeStep.LookUp look:
                node.Trace = node.Trace.AfterLook(Cloud.Find(look.Query, Now), Now, Cloud.Promises, "c");
                break;
            case NodeStep.RecordProviderId record:
                node.Spec = node.Spec with { ProviderID = record.ProviderId };
                break;
            case NodeStep.Terminate terminate:
                Cloud.Terminate(terminate.ProviderId);
                node.Trace = node.Trace.AfterDeleteAsked(Now);
                break;
            case NodeStep.DropFinalizer:
                node.Gone = true;
                break;
            default:
                throw new InvalidOperationException($"unexpected {step}");
        }
        return true;
    }

    /// <returns>Null where it is no step at the Master; false where the round ends with it.</returns>
    private bool? DoAtMaster(GridNodeModel node, NodeStep step)
    {
        switch (step)
        {
            case NodeStep.Register:
                Register(node);
                return true;
            case NodeStep.VerifyEntry:
                Verify(node);
                return true;
            case NodeStep.ReadEntry read:
                node.MasterTrace = Master.Find(read.Kontena) is { } entry ? node.MasterTrace with { Read = (entry, Now), Trouble = null } : node.MasterTrace.AfterGone(Now);
                return true;
            case NodeStep.RemoveEntry remove:
                Master.Delete(remove.Kontena, Now);
                node.MasterTrace = node.MasterTrace.AfterGone(Now);
                return true;
            case NodeStep.CheckMembers check:
                var asked = listing!.Nodes.Where(n => n.InitialMember && n.Name != check.Kontena && n.Connected).Select(n => (n.Name, Health: Master.Health(n.Name))).ToList();
                node.MasterTrace = node.MasterTrace with { Health = asked.Where(a => a.Health is not null).ToDictionary(a => a.Name, a => a.Health!), HealthAt = Now, Trouble = null };
                return true;
            case NodeStep.TakeSlot take:
                return Take(node, take);
            case NodeStep.GiveSlotBack:
                if (slot?.NodeUID == node.Uid) slot = null;
                slotSeen = slot;
                return true;
            case NodeStep.Drain drain:
                Master.Drain(drain.Kontena, Now);
                node.MasterTrace = node.MasterTrace with { DrainAskedAt = Now, Containers = null, Trouble = null };
                return true;
            case NodeStep.CountContainers count:
                node.MasterTrace = node.MasterTrace with { Containers = (Master.Containers(count.Kontena), Now), Trouble = null };
                return true;
            default:
                return null;
        }
    }

    private void Register(GridNodeModel node)
    {
        try
        {
            Master.Create(node.Kontena, node.Tokens[node.Spec.Attempt!.Number], node.Spec.Attempt.KontenaLabels!, Now);
            node.MasterTrace = node.MasterTrace.AfterConfirmed(Now);
        }
        catch (MasterException fault)
        {
            node.MasterTrace = node.MasterTrace.AfterSent(fault, Now);
        }
    }

    private void Verify(GridNodeModel node)
    {
        if (Master.Token(node.Kontena) is { } token)
            node.MasterTrace = token == node.Tokens[node.Spec.Attempt!.Number] ? node.MasterTrace.AfterConfirmed(Now) : node.MasterTrace with { ForeignAt = Now, NameMet = false, Trouble = null };
        else if (!Master.Has(node.Kontena))
            node.MasterTrace = node.MasterTrace.AfterGone(Now);
    }

    private bool Take(GridNodeModel node, NodeStep.TakeSlot take)
    {
        if (slot is null || slot.NodeUID == node.Uid)
        {
            slot ??= new GridSlot { NodeUID = node.Uid, Name = take.Kontena, Number = take.Number, Since = Now };
            slotSeen = slot;
            return true;
        }
        node.MasterTrace = node.MasterTrace with { Health = null };
        return false;
    }
}
