using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Orphans;

/// <summary>The sentences of the verdicts: what was seen, and what a human may do.</summary>
internal static class Words
{
    public static string UnknownNode(Machine machine) =>
        $"The machine {machine.ProviderId} carries this pool's marks, but its KontenaNode (UID {machine.Marks!.NodeUid}) does not exist. It is not removed: terminate it at the provider if nobody needs it.";

    public static string GivenUp(Machine machine) =>
        $"The machine {machine.ProviderId} was given up by annotation and lives on. It is not removed: terminate it at the provider.";

    public static string Copy(Machine machine) =>
        $"The machine {machine.ProviderId} carries the marks of KontenaNode UID {machine.Marks!.NodeUid}, but was not launched by that node's attempt: somebody copied the marks. It is not touched: take the marks off it, or terminate it at the provider.";

    public static string UnprovenTwin(Machine machine) =>
        $"The machine {machine.ProviderId} carries the marks of KontenaNode UID {machine.Marks!.NodeUid}, which has another machine, and nothing proves who launched it. It is not touched: take the marks off it, or terminate it at the provider.";

    public static string FutureAttempt(Machine machine) =>
        $"The machine {machine.ProviderId} is of attempt {machine.Marks!.Attempt} of KontenaNode UID {machine.Marks.NodeUid}, which has not come so far: the cluster's data looks put back from a backup. It is not touched: terminate it at the provider if nobody needs it.";

    public static string Twin(Machine machine) =>
        $"The machine {machine.ProviderId} is a second one of KontenaNode UID {machine.Marks!.NodeUid} (attempt {machine.Marks.Attempt}), which has another; it will be removed.";

    public static string Removal(Machine machine, Tombstone stone) => stone.Kind == TombstoneKind.Twin
        ? $"The machine {machine.ProviderId} is a second one of node {stone.NodeName} (attempt {stone.Attempt}); its termination is asked for."
        : $"The machine {machine.ProviderId} came of attempt {stone.Attempt} of node {stone.NodeName} after the node was gone; its termination is asked for.";
}
