namespace Kontena.EndToEnd.Operator;

/// <summary>The API servers that the operator is proved on.</summary>
public enum SceneEngine
{
    /// <summary>The one of <c>standalone</c> and <c>demo</c>.</summary>
    Embedded,

    /// <summary>kube-apiserver and etcd, where this machine has them.</summary>
    Real,
}
