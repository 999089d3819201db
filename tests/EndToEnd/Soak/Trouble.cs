namespace Kontena.EndToEnd.Soak;

/// <summary>What happens to an informer's connection.</summary>
internal enum Trouble
{
    /// <summary>Every connection is reset, mostly amid a line of the watch.</summary>
    Cut,

    /// <summary>No byte comes any more, and no end either.</summary>
    Silence,

    /// <summary>The API server is killed and started again.</summary>
    Restart,
}
