namespace Kontena.Operator.Core.Identity;

/// <summary>In which form an id is written.</summary>
public enum EngineIdForm
{
    /// <summary>Twelve groups of four: Docker before 23, and every chosen id (what the agent takes as KONTENA_NODE_ID).</summary>
    Groups,

    /// <summary>Docker 23 and later, freshly installed.</summary>
    Uuid,

    /// <summary>Neither; it is compared all the same, as the Master does.</summary>
    Unrecognised,
}
