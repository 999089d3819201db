namespace Kontena.Operator.Core.Api;

/// <summary>The API group of all our kinds, and the keys that we put on objects.</summary>
public static class ApiGroup
{
    public const string Name = "kontena.io";

    public const string Version = "v1alpha1";

    /// <summary>Label on every KontenaNode with its pool's name; the pool's selector for autoscalers.</summary>
    public const string PoolLabel = "kontena.io/pool";

    /// <summary>Holds a KontenaNode until its machine is confirmed gone.</summary>
    public const string NodeFinalizer = "kontena.io/machine";

    /// <summary>Holds a NodePool until its last KontenaNode is gone.</summary>
    public const string PoolFinalizer = "kontena.io/nodes";

    /// <summary>Holds a Secret that living nodes need for their deletion.</summary>
    public const string InUseFinalizer = "kontena.io/in-use";

    /// <summary>Holds a Grid until no KontenaNode names it any more.</summary>
    public const string GridFinalizer = "kontena.io/grid";

    /// <summary>Holds the Secrets of a Grid, which its nodes need for their end at the Master. Another than that of pools: one Secret may serve both.</summary>
    public const string GridInUseFinalizer = "kontena.io/grid-in-use";

    /// <summary>Annotation on a NodePool or Grid: the names of the Secrets that it holds, separated by commas.</summary>
    public const string HeldSecretsAnnotation = "kontena.io/held-secrets";

    /// <summary>Label on the ConfigMap that stays of a node whose machine may still come or still lives; its value is the tombstone's kind.</summary>
    public const string TombstoneLabel = "kontena.io/tombstone";

    /// <summary>Annotation by which a human gives up on a machine that cannot be deleted: its value must be the node's UID.</summary>
    public const string AbandonAnnotation = "kontena.io/abandon";

    /// <summary>Annotation on a KontenaNode, <c>true</c>: a human gives its entry at the Kontena Master up; neither draining nor removal there is waited for.</summary>
    public const string AbandonNodeAnnotation = "kontena.io/abandon-node";

    /// <summary>
    /// Annotation by which a human lets a NodePool take over machines that lost their KontenaNodes: its value is the UID of the pool that had
    /// them, so that a copied annotation means nothing. On the installation's ConfigMap: the UID of this cluster's namespace kube-system.
    /// </summary>
    public const string AdoptAnnotation = "kontena.io/adopt";
}
