namespace Kontena.Kubernetes.Runtime;

/// <summary>Where an informer stands between an empty store and a live watch (the states of kube-rs' watcher, plus the wait).</summary>
public enum InformerState
{
    /// <summary>A new list is needed: nothing listed yet, or the version is gone (410).</summary>
    Empty,

    /// <summary>Some pages of a list are read; none is in the store before all are.</summary>
    Listing,

    /// <summary>The store is complete up to a version; the watch from there is not open.</summary>
    Listed,

    /// <summary>Events stream in.</summary>
    Watching,

    /// <summary>Waits after a failure.</summary>
    BackingOff,
}
