using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// Exactly one machine for a node: intent first, the same call again after a doubt, the next attempt only over the last
/// one's confirmed death. Sources: EC2 "Ensuring idempotency"; what duplicates look like without it is in cluster-api-provider-aws#5794.
/// </summary>
internal static class CreatePath
{
    /// <summary>Whoever makes the firewalls wakes the node; this is for news that came between.</summary>
    private static readonly TimeSpan FirewallsAgain = TimeSpan.FromSeconds(5);

    public static NodeStep Next(NodeSeen seen)
    {
        var trace = seen.Trace;
        if (trace.Made is { } made) return new NodeStep.RecordProviderId(made.ProviderId);
        if (OwnMachine(seen) is { } machine) return new NodeStep.RecordProviderId(machine.ProviderId);
        if (LaterAttempts.Next(seen) is { } later) return later;
        if (seen.PoolHolds is { } hold) return new NodeStep.Wait(hold.Reason, hold.Message);
        // Free for a node that was just planned: its pool has waited for a listing already.
        if (!LaterAttempts.CouldBeShown(seen))
            return new NodeStep.Wait("Observing", "Waiting for a listing of the provider's machines: the node may have one that is not written down.") { ForProvider = true };
        if (seen.Spec.Attempt is null) return Open(seen, 1);
        return trace.Refusal is { } refusal ? AfterRefusal(seen, refusal) : Send(seen);
    }

    /// <summary>A living machine of the open attempt, from the inventory or from a look past it. Copied marks with another token do not count.</summary>
    public static Machine? OwnMachine(NodeSeen seen)
    {
        if (seen.Spec.Attempt is not { } attempt) return null;
        return seen.Sight.Machines.Concat(seen.Trace.Seen).FirstOrDefault(m => m.IsAlive && IsOfAttempt(m, attempt, seen));
    }

    public static bool IsOfAttempt(Machine machine, CreateAttempt attempt, NodeSeen seen) =>
        machine.Marks is { } marks
        && marks.Installation == seen.Installation
        && marks.NodeUid == seen.Uid
        && marks.Attempt == attempt.Number
        && (machine.Token is null || machine.Token == attempt.Token);

    public static MachineQuery.ByAttempt Query(NodeSeen seen)
    {
        var attempt = seen.Spec.Attempt!;
        return new(new MachineMarks(seen.Installation, seen.Spec.PoolUID, seen.Uid, attempt.Number), attempt.Token);
    }

    /// <summary>True where every call of the attempt was answered, or enough complete, empty looks were begun after the last one could still have been carried out.</summary>
    public static bool NothingCanCome(NodeSeen seen) =>
        seen.Trace.LastPossibleSend is null || seen.Trace.Absences is { IsProof: true };

    /// <summary>The next look for a machine that may have come of an unanswered call, or the wait until it makes sense.</summary>
    public static NodeStep LookUntilSettled(NodeSeen seen, string reason, string why)
    {
        var earliest = seen.Trace.LastPossibleSend is { } send && seen.Trace.Absences is null ? send + seen.Promises.MaxCommitDelay : DateTimeOffset.MinValue;
        var looked = seen.Trace.LookedAt is { } at ? at + Absences.Pace : DateTimeOffset.MinValue;
        if (seen.Trace.Trouble is { } trouble && trouble.Credentials == seen.Credentials && trouble.RetryAt > looked) looked = trouble.RetryAt;
        // The first look is at once: a machine that is already visible need not wait for the settle window.
        var next = seen.Trace.LookedAt is null ? DateTimeOffset.MinValue : looked > earliest ? looked : earliest;
        return next <= seen.Now
            ? new NodeStep.LookUp(Query(seen), reason, why)
            : new NodeStep.Wait(reason, seen.Trace.Trouble is { } fault ? $"{why} {fault.Message}" : why, next - seen.Now, NeedsHuman(seen.Trace.Trouble));
    }

    private static bool NeedsHuman(Refusal? trouble) => trouble is not null && RetryRule.NeedsHuman(trouble.Fault);

    private static NodeStep Send(NodeSeen seen)
    {
        var attempt = seen.Spec.Attempt!;
        // Without a key a repeated call is a second machine: an attempt that somebody else may have sent is only looked for.
        if (!seen.Promises.KeyedCreate && seen.Trace.LastPossibleSend is not null)
            return NothingCanCome(seen)
                ? Open(seen, attempt.Number + 1)
                : LookUntilSettled(seen, "CreateOutcomeUnknown", "A create call was not answered; looking for its machine.");
        if (Troubled(seen) is { } wait) return wait;
        if (RegistrationPath.BeforeSending(seen) is { } first) return first;
        return new NodeStep.SendCreate($"Asking for a {attempt.Type}{InZone(attempt.Zone)}, attempt {attempt.Number}.");
    }

    private static NodeStep AfterRefusal(NodeSeen seen, Refusal refusal)
    {
        var attempt = seen.Spec.Attempt!;
        switch (refusal.Fault)
        {
            case DriverFault.NoCapacity:
                return NothingCanCome(seen)
                    ? NextOffering(seen, refusal)
                    : LookUntilSettled(seen, "NoCapacity", $"{refusal.Message} An earlier call of attempt {attempt.Number} was not answered; looking for its machine before another offering is tried.");
            case DriverFault.TokenSpent:
                return seen.Trace.Seen.Count > 0 || seen.Trace.Absences is { IsProof: true }
                    ? Open(seen, attempt.Number + 1)
                    : LookUntilSettled(seen, "MachineEnded", "The machine of this attempt was made and is already terminated.");
            case DriverFault.TokenMismatch:
                return LookUntilSettled(seen, "TokenMismatch", $"{refusal.Message} The token was used with other parameters; looking for its machine.");
            case DriverFault.Unavailable when !seen.Promises.KeyedCreate && seen.Trace.LastPossibleSend is not null:
                return Send(seen);
            default:
                var retryAt = refusal.Credentials == seen.Credentials ? refusal.RetryAt : seen.Now;
                if (retryAt <= seen.Now) return Send(seen);
                var wait = new NodeStep.Wait(Reasons.Of(refusal.Fault), refusal.Message, retryAt - seen.Now, RetryRule.NeedsHuman(refusal.Fault));
                return wait.NeedsHuman ? RegistrationPath.WhileIdle(seen, wait) : wait;
        }
    }

    /// <summary>One attempt an offering; after a full round a growing pause, so that a drought is no storm (kubernetes-sigs/karpenter#3198).</summary>
    private static NodeStep NextOffering(NodeSeen seen, Refusal refusal)
    {
        var number = seen.Spec.Attempt!.Number;
        var offerings = Offerings.InOrder(seen.Spec.Provider.Settings, seen.Spec.Zone).Count;
        if (number % offerings == 0)
        {
            var until = refusal.At + RetryRule.After(DriverFault.NoCapacity, number / offerings);
            if (until > seen.Now)
                return RegistrationPath.WhileIdle(seen, new NodeStep.Wait("NoCapacity", $"{refusal.Message} All {offerings} offerings were tried {number / offerings} times; trying again later. More instance types or zones would help.", until - seen.Now));
        }
        return Open(seen, number + 1);
    }

    /// <summary>What is needed before a call could not be had (an image that does not exist, a Secret): wait, then try again.</summary>
    private static NodeStep.Wait? Troubled(NodeSeen seen) =>
        seen.Trace.Trouble is { } trouble && trouble.Credentials == seen.Credentials && trouble.RetryAt > seen.Now
            ? new NodeStep.Wait(Reasons.Of(trouble.Fault), trouble.Message, trouble.RetryAt - seen.Now, RetryRule.NeedsHuman(trouble.Fault))
            : null;

    private static NodeStep Open(NodeSeen seen, int number)
    {
        if (Troubled(seen) is { } wait) return wait;
        if (RegistrationPath.BeforeOpening(seen) is { } first) return first;
        if (seen.WaysIn?.Hold is { } closed) return new NodeStep.Wait(closed.Reason, closed.Message, FirewallsAgain, seen.WaysIn.HoldNeedsHuman);
        var offering = Offerings.ForAttempt(Offerings.InOrder(seen.Spec.Provider.Settings, seen.Spec.Zone), number, seen.Exhausted);
        return new NodeStep.OpenAttempt(number, offering, "Preparing", $"Preparing attempt {number}: a {offering.Type}{InZone(offering.Zone)}.");
    }

    private static string InZone(string zone) => zone.Length == 0 ? "" : $" in {zone}";
}
