using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>The KontenaNode of a plan's action.</summary>
internal static class NewNodes
{
    /// <summary>Where only the machine is left, nobody knows what it was made from: it must not pass for up to date.</summary>
    private const string AdoptedRevision = "adopted";

    public static KontenaNode Of(NodePool pool, PoolAction.AddNode add) => Named(pool, add.Name, new KontenaNodeSpec
    {
        PoolName = pool.Metadata.Name!,
        PoolUID = pool.Metadata.Uid!,
        Revision = Revision.Of(pool.Spec),
        Ordinal = add.Ordinal,
        Zone = add.Zone,
        Provider = pool.Spec.Provider,
        Template = pool.Spec.Template,
    }.OfGrid(pool.Spec));

    public static KontenaNode Of(NodePool pool, PoolAction.AdoptMachine adopt) => Named(pool, adopt.Name, new KontenaNodeSpec
    {
        PoolName = pool.Metadata.Name!,
        PoolUID = pool.Metadata.Uid!,
        Revision = adopt.Snapshot?.Revision ?? AdoptedRevision,
        Ordinal = adopt.Ordinal,
        Zone = adopt.Snapshot?.Attempt?.Zone ?? adopt.Zone,
        Provider = adopt.Snapshot?.Provider ?? pool.Spec.Provider,
        Template = adopt.Snapshot?.Template ?? pool.Spec.Template,
        KontenaName = adopt.Snapshot?.KontenaName,
        Adopts = adopt.Machine,
    }.OfGrid(pool.Spec, adopt.Snapshot));

    /// <summary>What a node has to know of its grid; a machine that is taken over has joined as its copy says.</summary>
    private static KontenaNodeSpec OfGrid(this KontenaNodeSpec node, NodePoolSpec pool, KontenaNodeSpec? copy = null)
    {
        if (copy is not null) return node with { GridRef = copy.GridRef, KontenaName = copy.KontenaName, Identity = copy.Identity, Ipsec = copy.Ipsec };
        return pool.GridRef is null ? node : node with { GridRef = pool.GridRef, Identity = pool.Identity?.Mode ?? IdentityMode.Pinned, Ipsec = pool.Network?.Ipsec?.Mode ?? IpsecMode.Preferred };
    }

    private static KontenaNode Named(NodePool pool, string name, KontenaNodeSpec spec) => new()
    {
        ApiVersion = KontenaKinds.KontenaNodes.ApiVersion,
        Kind = KontenaKinds.KontenaNodes.Kind,
        Metadata = new ObjectMeta
        {
            Namespace = pool.Metadata.Namespace,
            Name = name,
            Labels = new Dictionary<string, string> { [ApiGroup.PoolLabel] = pool.Metadata.Name! },
            // In the create itself, so that no machine can ever be made for a node that may vanish unnoticed (KKP machine-controller#581).
            Finalizers = [ApiGroup.NodeFinalizer],
            OwnerReferences =
            [
                new OwnerReference
                {
                    ApiVersion = KontenaKinds.NodePools.ApiVersion,
                    Kind = KontenaKinds.NodePools.Kind,
                    Name = pool.Metadata.Name!,
                    Uid = pool.Metadata.Uid!,
                    Controller = true,
                    BlockOwnerDeletion = true,
                },
            ],
        },
        Spec = spec,
    };
}
