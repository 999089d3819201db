using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>The one next thing to do for a node. Reason and message are used alike in the log, the journal and the condition.</summary>
/// <param name="Reason">One word for programs.</param>
/// <param name="Message">One sentence for people; says what to do where a human is needed.</param>
public abstract record NodeStep(string Reason, string Message)
{
    public sealed record AddFinalizer() : NodeStep("Protecting", "A finalizer will hold the node until its machine is confirmed gone.");

    /// <summary>Resolve the offering, keep the bootstrap data in a Secret, write the attempt down. Nothing is sent yet.</summary>
    public sealed record OpenAttempt(int Number, Offering Offering, string Reason, string Message) : NodeStep(Reason, Message);

    /// <summary>Make the create call of the written attempt; repeating it is the same call.</summary>
    public sealed record SendCreate(string Message) : NodeStep("Creating", Message);

    /// <summary>Ask the provider past every cache.</summary>
    public sealed record LookUp(MachineQuery Query, string Reason, string Message) : NodeStep(Reason, Message);

    public sealed record RecordProviderId(string ProviderId) : NodeStep("MachineFound", $"The machine is {ProviderId}.");

    /// <summary>The listing shows the node's own machine, of a later attempt than is written down: write down both at once.</summary>
    public sealed record RecordLaterAttempt(Machine Machine) : NodeStep("MachineFound", $"The machine is {Machine.ProviderId}, of attempt {Machine.Marks?.Attempt}, which the record lacks: the cluster's data is older than the machine. Its token proves it this node's own.");

    /// <summary>Write down, as the node's attempt, the launch of the machine that it takes over: from then on a copy of the node is known as one.</summary>
    public sealed record OpenAdoption(Machine Machine) : NodeStep("Adopting", $"Taking over the machine {Machine.ProviderId}.");

    /// <summary>Put the node's marks in the place of the former ones.</summary>
    public sealed record Claim(string ProviderId, MachineMarks From, MachineMarks To) : NodeStep("Adopting", $"Marking {ProviderId} as this node's machine.");

    public sealed record Terminate(string ProviderId) : NodeStep("Terminating", $"Termination of {ProviderId} is asked for.");

    /// <summary>The node may go: its machine is gone, or was never made.</summary>
    /// <param name="LateMachinePossible">An answer stayed unknown: the token is kept as a tombstone, so that a late machine is recognised and removed.</param>
    /// <param name="GivenUp">A human gave up what an attempt may have made: a tombstone says so, and the machine is only ever reported.</param>
    public sealed record DropFinalizer(string Reason, string Message, bool LateMachinePossible = false, bool GivenUp = false) : NodeStep(Reason, Message);

    /// <param name="For">Null: until something changes.</param>
    /// <param name="NeedsHuman">True where no waiting will help.</param>
    public sealed record Wait(string Reason, string Message, TimeSpan? For = null, bool NeedsHuman = false) : NodeStep(Reason, Message)
    {
        /// <summary>Nothing but an answer of the provider ends it: where that cannot be asked, its trouble is the reason.</summary>
        public bool ForProvider { get; init; }
    }
}
