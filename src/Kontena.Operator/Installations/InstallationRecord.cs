using System.Security.Cryptography;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
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
        if (record is not null) return Check(IsConsent(record, cluster) ? await MoveAsync(record, cluster, ct) : record, cluster);
        return await AnyAttemptAsync(ct) is { } node ? Lost(node) : await MakeAsync(cluster, ct);
    }

    /// <summary>Returns once the record says something else than <paramref name="known"/>; what cannot be read is read again.</summary>
    public async Task AwaitChangeAsync(Installation known, TimeSpan pace, TimeProvider time, CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(pace, time, ct);
            try
            {
                var now = await LoadAsync(ct);
                if (now.Id != known.Id || now.Frozen?.Reason != known.Frozen?.Reason) return;
            }
            catch (KubeFault)
            {
                // The API server's trouble is told by those who need it more.
            }
        }
    }

    /// <summary>The value names this cluster, so that a record which is copied once more asks anew.</summary>
    private static bool IsConsent(ConfigMap record, string cluster) =>
        record.Data?.GetValueOrDefault(ClusterKey) is { Length: > 0 } home && home != cluster && record.Metadata.Annotations?.GetValueOrDefault(ApiGroup.AdoptAnnotation) == cluster;

    /// <summary>As read, so with its version: of two that move it at once one is refused, and finds it moved.</summary>
    private Task<ConfigMap> MoveAsync(ConfigMap record, string cluster, CancellationToken ct) => api.UpdateAsync(CoreKinds.ConfigMap, record with
    {
        Metadata = record.Metadata with { Annotations = record.Metadata.Annotations!.Where(a => a.Key != ApiGroup.AdoptAnnotation).ToDictionary() },
        Data = new Dictionary<string, string>(record.Data!) { [ClusterKey] = cluster },
    }, WriteOptions.Default, ct);

    private Installation Check(ConfigMap record, string cluster)
    {
        var id = record.Data?.GetValueOrDefault(IdKey);
        var home = record.Data?.GetValueOrDefault(ClusterKey);
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(home))
            return new Installation("", new Freeze("InstallationLost", $"ConfigMap {Key} has no {IdKey} or {ClusterKey}: put back its content from before. Nothing is created or deleted meanwhile."));
        return home == cluster
            ? new Installation(id, null)
            : new Installation(id, new Freeze("InstallationMoved", $"This is not the cluster that the installation {id} was made for (kube-system UID {cluster}, not {home}): it looks restored or copied. Nothing is created or deleted. If the original cluster is gone for good, or shall lose its machines to this one, run \"kubectl annotate configmap {Key.Name} -n {Key.Namespace} --overwrite {ApiGroup.AdoptAnnotation}={cluster}\"; otherwise run \"kubectl delete configmap {Key.Name} -n {Key.Namespace}\", and this cluster becomes an installation of its own."));
    }

    /// <summary>A new id beside nodes that have machines would make all of those machines foreign. Copies have none: what they tell of is another's, until it is taken over.</summary>
    private async Task<ObjectKey?> AnyAttemptAsync(CancellationToken ct)
    {
        var nodes = await api.ListAllAsync(KontenaKinds.KontenaNodes, new ListQuery(watchNamespace), ct);
        return nodes.Items.FirstOrDefault(n => n.Spec.Attempt is not null && !n.Spec.IsCopy(n.Metadata.Uid!))?.Metadata.Key;
    }

    private Installation Lost(ObjectKey node) =>
        new("", new Freeze("InstallationLost", $"ConfigMap {Key} is missing, but node {node} has a machine that carries the lost id as its mark kontena-installation: create the ConfigMap with {IdKey} set to that mark's value and {ClusterKey} to the UID of namespace kube-system. It goes on by itself then. Nothing is created or deleted meanwhile."));

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
