using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>Sentences that more than one path says.</summary>
internal static class Words
{
    public static string TakenOver(Machine machine) =>
        $"The machine {machine.ProviderId} carries the marks of KontenaNode UID {machine.Marks!.NodeUid} of installation {machine.Marks.Installation}: it was taken over.";
}
