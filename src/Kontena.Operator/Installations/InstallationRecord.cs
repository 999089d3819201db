using System.Security.Cryptography;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Installations;

/// <summary>
/// Reads, or makes at the very first start, the record that ties our marks to this cluster. A cluster restored elsewhere has another
/// kube-system UID: its operator must not touch the original's machines.
/// </summary>
/// <param name="watchNamespace">Where the operator looks for nodes; null: everywhere. Nodes elsewhere are another installation's, and may not even be readable.</param>
internal sealed class InstallationRecord(IKubeApi api, string ownNamespace, string? watchNamespace)
{
    public const string ConfigMapName = "kontena-installation";

    private const string IdKey = "id";
    private const string ClusterKey = "kubeSystemUID";
    private static readonly ObjectKey KubeSystem = new("", "kube-system");

    private ObjectKey Key => new(ownNamespace, ConfigMapName);

    public async Task<Installation> LoadAsync(CancellationToken ct)
    {
        var cluster = (await api.GetAsync(CoreKinds.Namespace, KubeSystem, ct)).Metadata.Uid ?? throw new KubeFault(FaultReason.ServerError, "The namespace kube-system has no UID.");
        var record = await api.FindAsync(CoreKinds.ConfigMap, Key, ct);
        if (record is not null) return Check(record, cluster);
        return await AnyAttemptAsync(ct) is { } node ? Lost(node) : await MakeAsync(cluster, ct);
    }

    private Installation Check(ConfigMap record, string cluster)
    {
        var id = record.Data?.GetValueOrDefault(IdKey);
        var home = record.Data?.GetValueOrDefault(ClusterKey);
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(home))
            return new Installation("", new Freeze("InstallationLost", $"ConfigMap {Key} has no {IdKey} or {ClusterKey}: put back its content from before. Nothing is created or deleted meanwhile."));
        return home == cluster
            ? new Installation(id, null)
            : new Installation(id, new Freeze("InstallationMoved", $"This is not the cluster that the installation {id} was made for (kube-system UID {cluster}, not {home}): it looks restored or copied. Nothing is created or deleted. If the original cluster is gone for good, set {ClusterKey} in ConfigMap {Key} to {cluster} and restart the operator; otherwise delete the ConfigMap and the copied NodePools here."));
    }

    /// <summary>A new id beside nodes that have machines would make all of those machines foreign.</summary>
    private async Task<ObjectKey?> AnyAttemptAsync(CancellationToken ct)
    {
        var nodes = await api.ListAllAsync(KontenaKinds.KontenaNodes, new ListQuery(watchNamespace), ct);
        return nodes.Items.FirstOrDefault(n => n.Spec.Attempt is not null)?.Metadata.Key;
    }

    private Installation Lost(ObjectKey node) =>
        new("", new Freeze("InstallationLost", $"ConfigMap {Key} is missing, but node {node} has a machine that carries the lost id as its mark kontena-installation: create the ConfigMap with {IdKey} set to that mark's value and {ClusterKey} to the UID of namespace kube-system, then restart the operator."));

    private async Task<Installation> MakeAsync(string cluster, CancellationToken ct)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var record = new ConfigMap
        {
            ApiVersion = "v1",
            Kind = "ConfigMap",
            Metadata = new ObjectMeta { Namespace = Key.Namespace, Name = Key.Name },
            Data = new Dictionary<string, string> { [IdKey] = id, [ClusterKey] = cluster },
        };
        try
        {
            return Check(await api.CreateAsync(CoreKinds.ConfigMap, record, WriteOptions.Default, ct), cluster);
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.AlreadyExists || fault.OutcomeUnknown)
        {
            return Check(await api.GetAsync(CoreKinds.ConfigMap, Key, ct), cluster);
        }
    }
}
