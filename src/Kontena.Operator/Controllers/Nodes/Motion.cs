using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>Whether a wait is for something that the provider is about to show: then its machines are listed often.</summary>
internal static class Motion
{
    public static bool IsUnderWay(NodeStep.Wait step) =>
        step.ForListing || step.Reason is "Booting" or "Terminating" or "MachineStopping" or "MachineTerminating" or NodeReasons.Confirming or "Observing" or "Adopting";
}
