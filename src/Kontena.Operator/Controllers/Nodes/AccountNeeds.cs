using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>A step that needs the provider becomes a wait where the provider cannot be opened.</summary>
internal static class AccountNeeds
{
    public static NodeStep Instead(NodeStep step, NodeRound round, Pace pace)
    {
        if (round.AccountFault is not { } fault) return step;
        return step is NodeStep.OpenAttempt or NodeStep.SendCreate or NodeStep.LookUp or NodeStep.Claim or NodeStep.Terminate or NodeStep.Wait { ForProvider: true }
            ? new NodeStep.Wait(fault.Code ?? Reasons.Of(fault.Fault), fault.Message, pace.LookAgain, NeedsHuman: Core.Machines.RetryRule.NeedsHuman(fault.Fault))
            : step;
    }
}
