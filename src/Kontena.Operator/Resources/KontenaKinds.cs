using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Resources;

/// <summary>Our kinds, as the client and the informers need them.</summary>
public static class KontenaKinds
{
    public static ResourceKind<NodePool> NodePools { get; } = Kind<NodePool>("NodePool", "nodepools");

    public static ResourceKind<KontenaNode> KontenaNodes { get; } = Kind<KontenaNode>("KontenaNode", "kontenanodes");

    public static ResourceKind<Grid> Grids { get; } = Kind<Grid>("Grid", "grids");

    private static ResourceKind<T> Kind<T>(string kind, string plural) where T : class, IResource => new()
    {
        Group = ApiGroup.Name,
        Version = ApiGroup.Version,
        Kind = kind,
        Plural = plural,
        Json = KontenaJson.Of<T>(),
        ListJson = KontenaJson.Of<ResourceList<T>>(),
    };
}
