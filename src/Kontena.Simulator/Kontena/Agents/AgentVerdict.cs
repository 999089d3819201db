using Kontena.Simulator.Kontena.Database;

namespace Kontena.Simulator.Kontena.Agents;

/// <summary>What the Master makes of a handshake that it has accepted already.</summary>
internal abstract record AgentVerdict
{
    public sealed record Admitted(HostNode Node, DateTimeOffset ConnectedAt) : AgentVerdict;

    public sealed record Refused(int Code, string Reason) : AgentVerdict;

    /// <summary>The Master failed: it logs that, and leaves the socket open without a word.</summary>
    public sealed record Ignored : AgentVerdict;
}

/// <summary>Ends an agent's connection with a close code.</summary>
internal sealed class CloseError(int code, string reason) : Exception(reason)
{
    public int Code => code;
}
