using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>Watches the machine of a node whose provider id is written down. Decides nothing about replacement: that is the pool's.</summary>
internal static class RunningPath
{
    public static NodeStep Next(NodeSeen seen)
    {
        var step = OfMachine(seen);
        return step is NodeStep.Wait { Reason: NodeReasons.Running } && seen.Grid is { } grid ? IdentityPath.Of(seen, grid, JoinPath.Of(seen, grid, Machine(seen)!)) : step;
    }

    /// <summary>The machine alone, whatever it has joined.</summary>
    public static NodeStep OfMachine(NodeSeen seen)
    {
        var id = seen.Spec.ProviderID!;
        var machine = Shown(seen, id);
        if (machine is null && seen.Trace.Seen.FirstOrDefault(m => m.ProviderId == id && seen.IsSomebodyElses(m)) is { } taken) return TakenOver(seen, taken);
        if (machine is not null) return seen.IsSomebodyElses(machine) ? TakenOver(seen, machine) : OfState(machine);
        if (seen.Trace is { Made: { } made, MadeAt: { } at } && made.ProviderId == id && !(seen.Sight.ListedAt > at + seen.Promises.MaxCommitDelay))
            // No listing brings news of a machine that never shows up: the wait must end by itself.
            return OfState(made) with { For = at + seen.Promises.MaxCommitDelay > seen.Now ? at + seen.Promises.MaxCommitDelay - seen.Now : Absences.Pace };
        if (seen.Sight.ListedAt is null)
            return new NodeStep.Wait("Observing", $"The machine {id} has not been observed since the operator started.");
        return Missing(seen, id);
    }

    /// <summary>What is newer wins: a look past the caches may know more than the listing, or less.</summary>
    private static Machine? Shown(NodeSeen seen, string id)
    {
        var looked = seen.Trace.LookedAt >= seen.Sight.ListedAt || seen.Sight.ListedAt is null;
        return (looked ? seen.Trace.Seen.FirstOrDefault(m => m.ProviderId == id) : null) ?? seen.Sight.ById(id);
    }

    private static Machine? Machine(NodeSeen seen) => Shown(seen, seen.Spec.ProviderID!) ?? seen.Trace.Made;

    /// <summary>No listing shows it under this node any more: it is asked for once in a while, in case it is given back.</summary>
    private static NodeStep TakenOver(NodeSeen seen, Machine machine)
    {
        var message = $"{Words.TakenOver(machine)} This node does nothing to it any more. Delete the node to have it replaced: kubectl delete kn {seen.Name}";
        var next = (seen.Trace.LookedAt ?? seen.Now) + RetryRule.HumanPace;
        return next <= seen.Now
            ? new NodeStep.LookUp(new MachineQuery.ById(machine.ProviderId), "MachineTakenOver", message)
            : new NodeStep.Wait("MachineTakenOver", message, next - seen.Now, NeedsHuman: true);
    }

    private static NodeStep.Wait OfState(Machine machine)
    {
        var because = machine.Detail is null ? "" : $" The provider says: {machine.Detail}.";
        return machine.State switch
        {
            MachineState.Running => new NodeStep.Wait(NodeReasons.Running, $"The machine {machine.ProviderId} runs.") { Ready = true },
            MachineState.Pending => new NodeStep.Wait("Booting", $"The machine {machine.ProviderId} is starting."),
            MachineState.Stopping => new NodeStep.Wait("MachineStopping", $"The machine {machine.ProviderId} is being stopped, not by this operator.{because}"),
            MachineState.Stopped => new NodeStep.Wait("MachineStopped", $"The machine {machine.ProviderId} was stopped, not by this operator. Start it, or delete this node to replace it.{because}", NeedsHuman: true),
            MachineState.Terminating => new NodeStep.Wait("MachineTerminating", $"The machine {machine.ProviderId} is being terminated, not by this operator.{because}"),
            MachineState.Terminated => new NodeStep.Wait(NodeReasons.MachineTerminated, $"The machine {machine.ProviderId} was terminated, not by this operator.{because}"),
            MachineState.Unrecognised => new NodeStep.Wait("MachineStateUnknown", $"The machine {machine.ProviderId} is in a state that this version does not know.{because}"),
            _ => throw new ArgumentOutOfRangeException(nameof(machine), machine.State, "unknown state"),
        };
    }

    private static NodeStep Missing(NodeSeen seen, string id)
    {
        if (seen.Trace.Absences is { IsProof: true })
            return new NodeStep.Wait(NodeReasons.MachineMissing, $"The provider no longer knows the machine {id}.", Absences.Window);
        var next = seen.Trace.LookedAt is { } at ? at + Absences.Pace : seen.Now;
        if (seen.Trace.Trouble is { } trouble && trouble.RetryAt > next) next = trouble.RetryAt;
        return next <= seen.Now
            ? new NodeStep.LookUp(new MachineQuery.ById(id), NodeReasons.Confirming, $"The machine {id} is not in the provider's listing; asking for it by id.")
            : new NodeStep.Wait(NodeReasons.Confirming, $"The machine {id} is not in the provider's listing; asking for it again before believing that it is gone.", next - seen.Now);
    }
}
