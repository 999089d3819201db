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

    /// <summary>Make the node's entry at the Master, with the token that is written down.</summary>
    public sealed record Register(string Kontena) : NodeStep("Registering", $"Registering {Kontena} at the Master.");

    /// <summary>There is an entry of this name: ask the Master for its token, which tells whether it is ours.</summary>
    public sealed record VerifyEntry(string Kontena) : NodeStep("VerifyingEntry", $"The Master has a node {Kontena}; asking whether it is this one.");

    /// <summary>What the list says of the entry of this name may not be so any more: ask for that one entry.</summary>
    public sealed record ReadEntry(string Kontena) : NodeStep("VerifyingEntry", $"The Master's list may be older than what became of {Kontena}; asking for it.");

    public sealed record RemoveEntry(string Kontena, string Why) : NodeStep("LeavingGrid", $"Removing {Kontena} at the Master. {Why}");

    /// <summary>The entry's machine was taken over: put this node's mark in the place of the former one's.</summary>
    public sealed record Relabel(string Kontena, IReadOnlyList<string> Labels) : NodeStep("Adopting", $"Marking {Kontena} as this node's entry at the Master.");

    /// <summary>Ask every initial member of the grid for its health, past what is known.</summary>
    public sealed record CheckMembers(string Kontena) : NodeStep("CheckingQuorum", $"{Kontena} is an initial member of its grid; asking the others for their health before it goes.");

    public sealed record TakeSlot(string Kontena, int Number) : NodeStep("TakingSlot", $"{Kontena} is the initial member that goes now; its number is {Number}.");

    public sealed record GiveSlotBack(string Why = "The initial member is gone from its grid; another may go.") : NodeStep("GivingSlotBack", Why);

    /// <summary>Services shall move off the node.</summary>
    public sealed record Drain(string Kontena) : NodeStep("Draining", $"Draining {Kontena}: services move off it.");

    public sealed record CountContainers(string Kontena) : NodeStep("Draining", $"Asking which containers {Kontena} has.");

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

        /// <summary>The listing of the account's machines lacks the node's, which is there: a newer one is wanted soon.</summary>
        public bool ForListing { get; init; }

        /// <summary>The node does what it is for.</summary>
        public bool Ready { get; init; }

        /// <summary>The Master is to be asked for the node's health.</summary>
        public bool AsksHealth { get; init; }
    }
}
