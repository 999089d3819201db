using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Orphans;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.Orphans;

/// <summary>A tombstone as an immutable ConfigMap, in words that <c>kubectl get -o yaml</c> shows well. It holds no secret: of the credentials only their Secret's name.</summary>
internal static class TombstoneDocument
{
    public const string NodeUid = "nodeUID";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>One a node; of twins one a machine.</summary>
    public static string NameOf(Tombstone stone) => stone.Kind == TombstoneKind.Twin
        ? $"kontena-tombstone-{stone.NodeUid}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stone.Machine ?? "")))[..8]}"
        : $"kontena-tombstone-{stone.NodeUid}";

    /// <summary>What stays of a node that has an attempt. Its machine carries the UID that the attempt was opened with.</summary>
    public static Tombstone Of(KontenaNode node, TombstoneKind kind, string installation, DateTimeOffset now)
    {
        var attempt = node.Spec.Attempt ?? throw new ArgumentException($"{node.Metadata.Key} has no attempt: no machine can come of it.", nameof(node));
        return new Tombstone
        {
            Kind = kind,
            Installation = installation,
            NodeUid = attempt.NodeUID,
            NodeName = node.Metadata.Name!,
            Namespace = node.Metadata.Namespace!,
            PoolUid = node.Spec.PoolUID,
            PoolName = node.Spec.PoolName,
            Attempt = attempt.Number,
            Token = attempt.Token,
            Provider = node.Spec.Provider,
            Machine = node.Spec.ProviderID,
            WrittenAt = now,
            Until = now + Tombstone.Lasts,
        };
    }

    public static ConfigMap Write(Tombstone stone, string ns)
    {
        var data = new Dictionary<string, string>
        {
            ["kind"] = stone.Kind.ToString(),
            ["installation"] = stone.Installation,
            [NodeUid] = stone.NodeUid,
            ["nodeName"] = stone.NodeName,
            ["namespace"] = stone.Namespace,
            ["poolUID"] = stone.PoolUid,
            ["poolName"] = stone.PoolName,
            ["attempt"] = stone.Attempt.ToString(CultureInfo.InvariantCulture),
            ["token"] = stone.Token,
            ["provider"] = JsonSerializer.Serialize(stone.Provider, KontenaJson.Of<ProviderSpec>()),
            ["writtenAt"] = Text(stone.WrittenAt),
            ["until"] = Text(stone.Until),
        };
        if (stone.Machine is { } machine) data["machine"] = machine;
        return new ConfigMap
        {
            ApiVersion = "v1",
            Kind = "ConfigMap",
            Metadata = new ObjectMeta
            {
                Namespace = ns,
                Name = NameOf(stone),
                Labels = new Dictionary<string, string> { [ApiGroup.TombstoneLabel] = stone.Kind.ToString() },
            },
            Immutable = true,
            Data = data,
        };
    }

    /// <returns>Null where the ConfigMap is none of ours, whatever its label says.</returns>
    public static Tombstone? Read(ConfigMap map)
    {
        if (map.Data is not { } data || map.Immutable != true) return null;
        if (!Enum.TryParse<TombstoneKind>(data.GetValueOrDefault("kind"), out var kind) || !Enum.IsDefined(kind)) return null;
        if (!int.TryParse(data.GetValueOrDefault("attempt"), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)) return null;
        if (Time(data.GetValueOrDefault("writtenAt")) is not { } writtenAt || Time(data.GetValueOrDefault("until")) is not { } until) return null;
        if (Provider(data.GetValueOrDefault("provider")) is not { } provider) return null;
        var stone = new Tombstone
        {
            Kind = kind,
            Installation = data.GetValueOrDefault("installation", ""),
            NodeUid = data.GetValueOrDefault(NodeUid, ""),
            NodeName = data.GetValueOrDefault("nodeName", ""),
            Namespace = data.GetValueOrDefault("namespace", ""),
            PoolUid = data.GetValueOrDefault("poolUID", ""),
            PoolName = data.GetValueOrDefault("poolName", ""),
            Attempt = attempt,
            Token = data.GetValueOrDefault("token", ""),
            Provider = provider,
            Machine = data.GetValueOrDefault("machine"),
            WrittenAt = writtenAt,
            Until = until,
        };
        return map.Metadata.Name == NameOf(stone) ? stone : null;
    }

    private static ProviderSpec? Provider(string? json)
    {
        try
        {
            var provider = json is null ? null : JsonSerializer.Deserialize(json, KontenaJson.Of<ProviderSpec>());
            return provider?.Blocks.Count() == 1 ? provider : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
