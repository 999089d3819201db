using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// Takes over a living machine after a restore: look, write the launch down, put our marks on it, record it. Nothing is ever made or
/// terminated on this path. Only marks that still are the former ones are replaced, so of two that want a machine one gets it.
/// </summary>
internal static class AdoptPath
{
    /// <summary>Between claiming and believing that the provider still shows the former marks.</summary>
    private static readonly TimeSpan ClaimAgainAfter = TimeSpan.FromSeconds(5);

    public static NodeStep Next(NodeSeen seen, AdoptedMachine adopts)
    {
        if (!seen.Deleting && !seen.HasFinalizer) return new NodeStep.AddFinalizer();
        if (seen.Trace.Seen.FirstOrDefault(m => m.ProviderId == adopts.ProviderID) is { } machine) return OfMachine(seen, adopts, machine);
        if (seen.Trace.Absences is { IsProof: true }) return Over(seen, $"The provider knows no machine {adopts.ProviderID}.");
        return Look(seen, adopts);
    }

    private static NodeStep OfMachine(NodeSeen seen, AdoptedMachine adopts, Machine machine)
    {
        var own = seen.MarksOf(adopts.Attempt);
        if (machine.Marks == own && seen.Spec.Attempt is not null) return new NodeStep.RecordProviderId(machine.ProviderId);
        if (machine.State is MachineState.Terminating or MachineState.Terminated) return Over(seen, $"The machine {machine.ProviderId} was terminated.");
        if (machine.Marks?.NameTheSameLaunch(adopts.FormerMarks()) != true)
            return Over(seen, machine.Marks is null ? $"The machine {machine.ProviderId} carries no marks any more." : Words.TakenOver(machine));
        if (seen.Deleting) return Over(seen, "");
        if (seen.PoolHolds is { } hold) return new NodeStep.Wait(hold.Reason, hold.Message);
        if (seen is { Spec.KontenaName: null, Grid.View.Last: null }) return new NodeStep.Wait("Adopting", $"Taking over the machine {machine.ProviderId}; waiting for the Master's list, which tells its name in the grid.", TimeSpan.FromSeconds(5));
        if (seen.Spec.Attempt is null) return new NodeStep.OpenAdoption(machine);
        if (Troubled(seen) is { } wait) return wait;
        return seen.Trace.ClaimedAt + ClaimAgainAfter > seen.Now ? Look(seen, adopts) : new NodeStep.Claim(machine.ProviderId, adopts.FormerMarks(), own);
    }

    private static NodeStep Look(NodeSeen seen, AdoptedMachine adopts)
    {
        if (Troubled(seen) is { } wait) return wait;
        var message = $"Taking over the machine {adopts.ProviderID}.";
        // The first look at a machine is at once; then as often as absence, or a claim that does not show yet, asks for.
        var pace = seen.Trace.ClaimedAt is null ? Absences.Pace : ClaimAgainAfter;
        var next = seen.Trace.LookedAt is { } at ? at + pace : seen.Now;
        return next <= seen.Now
            ? new NodeStep.LookUp(new MachineQuery.ById(adopts.ProviderID), "Adopting", message)
            : new NodeStep.Wait("Adopting", message, next - seen.Now);
    }

    /// <summary>There is nothing to take over: the pool lets the node go.</summary>
    private static NodeStep Over(NodeSeen seen, string why) => seen.Deleting
        ? new NodeStep.DropFinalizer("NeverAdopted", $"{why} The node never had a machine; nothing is terminated.".TrimStart())
        : new NodeStep.Wait(NodeReasons.AdoptionFailed, $"{why} There is nothing to take over; the node will be removed.");

    private static NodeStep.Wait? Troubled(NodeSeen seen) =>
        seen.Trace.Trouble is { } trouble && trouble.Credentials == seen.Credentials && trouble.RetryAt > seen.Now
            ? new NodeStep.Wait(Reasons.Of(trouble.Fault), trouble.Message, trouble.RetryAt - seen.Now, RetryRule.NeedsHuman(trouble.Fault))
            : null;
}
