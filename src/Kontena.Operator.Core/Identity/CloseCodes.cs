namespace Kontena.Operator.Core.Identity;

/// <summary>The codes with which a Master closes an agent's connection for its identity (kontena server/app/middlewares/websocket_backend.rb, server/app/services/agent/node_plugger.rb).</summary>
public static class CloseCodes
{
    /// <summary>The node's token is bound to another id: the same token on two machines, or a machine that came back with another id.</summary>
    public const int TokenUsedByAnother = 4003;

    /// <summary>Another node has the id, in whichever grid of the Master.</summary>
    public const int IdUsedByAnother = 4006;

    /// <summary>The node's entry was removed.</summary>
    public const int Removed = 4040;

    /// <summary>A newer connection came in with the same id.</summary>
    public const int NewerConnection = 4041;
}
