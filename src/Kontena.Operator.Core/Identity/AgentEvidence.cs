namespace Kontena.Operator.Core.Identity;

/// <summary>One line of an agent's log that tells why its connection to the Master ended. Holds nothing of the line but what is listed here: no token can come out.</summary>
/// <param name="Code">Close code, 1000 to 4999.</param>
public sealed record AgentEvidence(int Code)
{
    /// <summary>When the line was written, where it says so; agents write their own local time, which is UTC in the official image.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The node that the Master named; null where it named none.</summary>
    public string? NodeName { get; init; }

    /// <summary>The id that the agent said it connects with, in this line or the last one before that says it.</summary>
    public EngineId? NodeId { get; init; }

    /// <summary>Of 4041: when the newer connection came in, by the Master's clock.</summary>
    public DateTimeOffset? NewerAt { get; init; }

    /// <summary>True where the code tells that the id, or the token, is used by another machine as well.</summary>
    public bool IsOfIdentity => Code is CloseCodes.TokenUsedByAnother or CloseCodes.IdUsedByAnother or CloseCodes.NewerConnection;
}
