namespace Kontena.EndToEnd.Engines;

/// <summary>The API servers that the same tests run on.</summary>
public enum EngineKind
{
    /// <summary>kube-apiserver and etcd: what is right by definition.</summary>
    Real,

    /// <summary>The operator's own, of <c>standalone</c>.</summary>
    Embedded,
}
