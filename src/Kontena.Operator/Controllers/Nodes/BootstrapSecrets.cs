using System.Security.Cryptography;
using System.Text;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Bootstrap;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Inventories;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>
/// The immutable Secret of each attempt: what the machine is told at its first boot, fixed before the cloud is asked, so that a
/// repeated create call carries the same bytes whatever was edited meanwhile. Owned by the node, so it goes with it.
/// </summary>
internal sealed class BootstrapSecrets(IKubeApi api, Pace pace)
{
    private const string DataKey = "userData";

    private const string TokenKey = "nodeToken";

    private const string IdKey = "nodeID";

    /// <summary>The zone is among them: an interrupted attempt may have been meant for another.</summary>
    private const string LabelsKey = "nodeLabels";

    /// <summary>Unique to node and attempt: a later node of the same name never meets an earlier one's Secret.</summary>
    public static string NameOf(string nodeName, string token) => $"{nodeName}-{token[..10]}";

    /// <summary>Renders and keeps the data, or takes what an interrupted attempt at this attempt has kept already.</summary>
    /// <param name="agent">With new tokens and ids, which are of no matter where older ones were kept; null without a grid.</param>
    /// <exception cref="DriverException">BadSettings where the user's own Secret is missing, or all of it is too large for the provider.</exception>
    public async Task<Bootstrap> KeepAsync(KontenaNode node, string token, AgentInput? agent, DriverPromises promises, CancellationToken ct)
    {
        var secret = new Secret
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Metadata = new ObjectMeta
            {
                Namespace = node.Metadata.Namespace,
                Name = NameOf(node.Metadata.Name!, token),
                Labels = new Dictionary<string, string> { [ApiGroup.PoolLabel] = node.Spec.PoolName },
                OwnerReferences = [Owner(node)],
            },
            Type = "kontena.io/bootstrap",
            Immutable = true,
            Data = Content(await RenderAsync(node, agent, promises, ct), agent),
        };
        try
        {
            return Content(await api.CreateAsync(CoreKinds.Secret, secret, WriteOptions.Default, ct));
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.AlreadyExists || fault.OutcomeUnknown)
        {
            var kept = await api.GetAsync(CoreKinds.Secret, secret.Metadata.Key, ct);
            if (kept.Metadata.OwnerReferences?.Any(o => o.Uid == node.Metadata.Uid) != true)
                throw new DriverException(DriverFault.BadSettings, $"Secret {secret.Metadata.Key} stands where the node's bootstrap data belongs and is not owned by it. Delete that Secret.") { RetryAfter = pace.LookAgain };
            if (Same(kept, secret)) return Content(kept);
            await api.DeleteAsync(CoreKinds.Secret, secret.Metadata.Key, new DeleteQuery(Uid: kept.Metadata.Uid), ct);
            return Content(await api.CreateAsync(CoreKinds.Secret, secret, WriteOptions.Default, ct));
        }
    }

    /// <summary>Nothing refers to a Secret whose attempt is not written down: one that says another place is made anew.</summary>
    private static bool Same(Secret kept, Secret wanted) =>
        (kept.Data?.GetValueOrDefault(LabelsKey) ?? []).AsSpan().SequenceEqual(wanted.Data?.GetValueOrDefault(LabelsKey) ?? []);

    private static Dictionary<string, byte[]> Content(byte[] userData, AgentInput? agent)
    {
        var data = new Dictionary<string, byte[]> { [DataKey] = userData };
        if (agent is null) return data;
        data[TokenKey] = Encoding.UTF8.GetBytes(agent.NodeToken.Reveal());
        data[LabelsKey] = Encoding.UTF8.GetBytes(string.Join('\n', agent.Labels));
        if (agent.NodeId is { } id) data[IdKey] = Encoding.UTF8.GetBytes(id);
        return data;
    }

    /// <exception cref="DriverException">BadSettings where the Secret is gone or is not the one that the attempt was written with.</exception>
    public async Task<Bootstrap> ReadAsync(string ns, CreateAttempt attempt, CancellationToken ct)
    {
        var key = new ObjectKey(ns, attempt.BootstrapRef);
        var bootstrap = await api.FindAsync(CoreKinds.Secret, key, ct) is { } secret ? Content(secret) : null;
        if (bootstrap is null || bootstrap.Hash != attempt.BootstrapHash)
            throw new DriverException(DriverFault.BadSettings, $"Secret {key} with the bootstrap data of attempt {attempt.Number} is {(bootstrap is null ? "missing" : "not the one that was written")}: the call cannot be repeated as it was. Delete the node to begin anew.") { RetryAfter = pace.LookAgain };
        return bootstrap;
    }

    /// <summary>An attempt that is confirmed dead needs its data no more. May be repeated.</summary>
    public async Task RemoveAsync(KontenaNode node, int attempt, CancellationToken ct)
    {
        try
        {
            var name = NameOf(node.Metadata.Name!, Token.Of(node.Metadata.Uid!, attempt));
            await api.DeleteAsync(CoreKinds.Secret, new ObjectKey(node.Metadata.Namespace!, name), new DeleteQuery(), ct);
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.NotFound)
        {
            // Gone is what was wanted.
        }
    }

    private async Task<byte[]> RenderAsync(KontenaNode node, AgentInput? agent, DriverPromises promises, CancellationToken ct)
    {
        try
        {
            var input = new BootstrapInput { Hostname = node.Metadata.Name!, Template = node.Spec.Template, UserData = await UserDataAsync(node, ct), Agent = agent };
            return UserDataFit.Fit(BootstrapData.Render(input), input, promises);
        }
        catch (BootstrapException error)
        {
            throw new DriverException(DriverFault.BadSettings, error.Message);
        }
    }

    private async Task<byte[]?> UserDataAsync(KontenaNode node, CancellationToken ct)
    {
        switch (node.Spec.Template.UserData)
        {
            case null:
                return null;
            case { Inline: { } inline }:
                return Encoding.UTF8.GetBytes(inline);
            case { SecretRef: { } reference }:
                var key = new ObjectKey(node.Metadata.Namespace!, reference.Name);
                if (await api.FindAsync(CoreKinds.Secret, key, ct) is not { } secret)
                    throw new DriverException(DriverFault.BadSettings, $"Secret {key} with the user-data (spec.template.userData.secretRef) does not exist. Create it.") { RetryAfter = pace.LookAgain };
                return secret.Data?.GetValueOrDefault(reference.Key)
                    ?? throw new DriverException(DriverFault.BadSettings, $"Secret {key} has no key {reference.Key} (spec.template.userData.secretRef). Add it.") { RetryAfter = pace.LookAgain };
            default:
                throw new DriverException(DriverFault.BadSettings, "spec.template.userData names neither inline text nor a Secret.");
        }
    }

    private static Bootstrap Content(Secret secret)
    {
        var data = secret.Data?.GetValueOrDefault(DataKey) ?? [];
        var token = secret.Data?.GetValueOrDefault(TokenKey) ?? [];
        return new Bootstrap(
            secret.Metadata.Name!,
            data,
            Convert.ToHexStringLower(SHA256.HashData(token.Length == 0 ? data : [.. data, .. token])),
            token.Length == 0 ? null : new SecretText(Encoding.UTF8.GetString(token)),
            secret.Data?.GetValueOrDefault(IdKey) is { } id ? Encoding.UTF8.GetString(id) : null);
    }

    private static OwnerReference Owner(KontenaNode node) => new()
    {
        ApiVersion = KontenaKinds.KontenaNodes.ApiVersion,
        Kind = KontenaKinds.KontenaNodes.Kind,
        Name = node.Metadata.Name!,
        Uid = node.Metadata.Uid!,
        Controller = true,
    };
}
