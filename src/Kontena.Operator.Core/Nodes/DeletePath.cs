using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// Terminate, confirm, then let the object go. The finalizer falls only over positive proof: the provider says
/// "terminated", or says "unknown" often enough and late enough. An error proves nothing (cluster-api#5914, MCM#657).
/// </summary>
internal static class DeletePath
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    public static NodeStep Next(NodeSeen seen)
    {
        var step = OfNode(seen);
        return step switch
        {
            // Not before it is known that the machine is still this node's, and can be ended.
            NodeStep.Terminate => LeavePath.BeforeTermination(seen) ?? step,
            // A machine that is another node's by now has taken its entry at the Master along.
            NodeStep.DropFinalizer { Reason: "TakenOver" } => LeavePath.SlotOf(seen) ?? step,
            NodeStep.DropFinalizer => LeavePath.BeforeGoing(seen) ?? step,
            _ => step,
        };
    }

    private static NodeStep OfNode(NodeSeen seen)
    {
        if (seen.Spec.ProviderID is { } id) return OfMachine(seen, id);
        if (LaterAttempts.Proven(seen) is { } later) return new NodeStep.RecordLaterAttempt(later);
        if (seen.Spec.Attempt is not { } attempt)
            return new NodeStep.DropFinalizer("NeverCreated", "No machine was ever asked for.");
        if (seen.Trace.Made is { } made) return new NodeStep.RecordProviderId(made.ProviderId);
        if (CreatePath.OwnMachine(seen) is { } machine) return new NodeStep.RecordProviderId(machine.ProviderId);
        return OfOpenAttempt(seen, attempt);
    }

    private static NodeStep OfMachine(NodeSeen seen, string id)
    {
        var sighted = seen.Trace.Seen.Concat(seen.Sight.Machines).Where(m => m.ProviderId == id).ToList();
        if (sighted.Any(m => m.State == MachineState.Terminated))
            return new NodeStep.DropFinalizer("Terminated", $"The machine {id} is terminated.");
        if (sighted.Find(seen.IsSomebodyElses) is { } taken)
            return new NodeStep.DropFinalizer("TakenOver", $"{Words.TakenOver(taken)} It is not terminated.");
        if (seen.Trace.Absences is { IsProof: true } && seen.Sight.ById(id) is null)
            return new NodeStep.DropFinalizer("Terminated", $"The provider no longer knows the machine {id}.");
        if (seen.Trace.Trouble is { } trouble && trouble.Credentials == seen.Credentials && trouble.RetryAt > seen.Now)
            return new NodeStep.Wait(Reasons.Of(trouble.Fault), $"The machine {id} cannot be removed yet: {trouble.Message}", trouble.RetryAt - seen.Now, RetryRule.NeedsHuman(trouble.Fault));
        // Listed neither under this node nor found by a look: it may carry somebody else's marks by now.
        if (seen.Sight.ListedAt is not null && sighted.Count == 0 && seen.Trace is { LookedAt: null, Made: null })
            return new NodeStep.LookUp(new MachineQuery.ById(id), "Terminating", $"Making sure that {id} is still this node's machine.");
        if (seen.Trace.DeleteAskedAt is not { } asked || asked + AskAgainAfter <= seen.Now)
            return new NodeStep.Terminate(id);
        return Confirm(seen, id, asked);
    }

    /// <summary>The shared listing usually tells; only a machine that fell out of it is asked for one by one.</summary>
    private static NodeStep Confirm(NodeSeen seen, string id, DateTimeOffset asked)
    {
        var message = $"Termination of {id} was asked for; waiting until the provider says that it is gone.";
        if (seen.Sight.ById(id) is not null) return new NodeStep.Wait("Terminating", message, asked + AskAgainAfter - seen.Now);
        // A listing that goes on lacking a machine is no news and wakes nobody: the wait must end by itself, long before the end is asked for again.
        if (!(seen.Sight.ListedAt > asked)) return new NodeStep.Wait("Terminating", message, Absences.Pace);
        var next = seen.Trace.LookedAt is { } at ? at + Absences.Pace : seen.Now;
        return next <= seen.Now
            ? new NodeStep.LookUp(new MachineQuery.ById(id), "Terminating", message)
            : new NodeStep.Wait("Terminating", message, next - seen.Now);
    }

    private static NodeStep OfOpenAttempt(NodeSeen seen, CreateAttempt attempt)
    {
        if (seen.Trace is { OpenedHere: true, Sent: false })
            return new NodeStep.DropFinalizer("NeverCreated", $"Attempt {attempt.Number} was written down but never sent.");
        if (seen.Trace.Seen.Any(m => !m.IsAlive && CreatePath.IsOfAttempt(m, attempt, seen)))
            return new NodeStep.DropFinalizer("Terminated", $"The machine of attempt {attempt.Number} is terminated.");
        var answered = seen.Trace.LastPossibleSend is null;
        if (seen.Trace.Absences is not null && answered)
            return new NodeStep.DropFinalizer("NeverCreated", $"Attempt {attempt.Number} was refused and the provider knows no machine of it.");
        if (!answered && CreatePath.NothingCanCome(seen))
            return new NodeStep.DropFinalizer("NeverCreated", $"Attempt {attempt.Number} was not answered, and no machine of it has appeared.", LateMachinePossible: true);
        return CreatePath.LookUntilSettled(seen, "CreateOutcomeUnknown", $"Making sure that attempt {attempt.Number} left no machine behind.");
    }
}
