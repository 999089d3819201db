namespace Kontena.Operator.Core.Grids;

/// <summary>A call to the Master failed. The message is for conditions and logs: it never has anything of a body but the Master's own error text.</summary>
public sealed class MasterException(MasterFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public MasterFault Fault { get; } = fault;

    /// <summary>Condition reason, where the fault alone does not say enough, e.g. <see cref="GridReasons.TokenMissing"/>.</summary>
    public string Reason { get => field ?? GridReasons.Of(Fault); init; }

    /// <summary>True where the call may have been carried out all the same.</summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>The field that was refused, e.g. <c>name</c>, <c>token</c>, <c>trusted_subnets</c>.</summary>
    public string? Field { get; init; }

    /// <summary>How long the Master asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True where waiting will not help.</summary>
    public bool NeedsHuman => Fault is MasterFault.Untrusted or MasterFault.BadToken or MasterFault.NotAllowed or MasterFault.NotFound or MasterFault.NotAMaster;
}
