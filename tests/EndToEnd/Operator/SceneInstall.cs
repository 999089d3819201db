namespace Kontena.EndToEnd.Operator;

/// <summary>Where the operator itself lives. It serves the scene's namespace alone either way: scenes share an engine.</summary>
internal enum SceneInstall
{
    /// <summary>In the namespace of its pools (<c>manifests/overlays/namespaced</c>). It goes with that namespace.</summary>
    Namespaced,

    /// <summary>In a namespace of its own, with rights in all (<c>manifests</c>).</summary>
    ClusterWide,
}
