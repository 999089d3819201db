using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Simulator.Machines.Os;

namespace Kontena.Simulator.Machines.Docker;

/// <summary>
/// Where dockerd keeps its ID: up to 22 in <c>/etc/docker/key.json</c> (12 groups of 4), from 23 on in <c>engine-id</c> below its data-root (a UUID), where an
/// old key.json without an engine-id passes its ID on (moby#43555).
/// </summary>
internal static class DockerIdentity
{
    private const string KeyPath = "/etc/docker/key.json";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int KeyMode = 0x180; // 0600

    /// <summary>The ID that dockerd starts with; made and written where there is none.</summary>
    /// <param name="instanceId">Makes new ids differ from machine to machine and repeat from run to run.</param>
    public static string Load(Disk disk, Version docker, string dataRoot, string instanceId)
    {
        var enginePath = $"{dataRoot}/engine-id";
        if (docker.Major < 23)
        {
            if (OfKey(disk) is { } key) return key;
            return Write(disk, KeyPath, Groups(Hash(disk, instanceId)), id => new JsonObject { ["kid"] = id }.ToJsonString());
        }
        if (disk.Text(enginePath) is { Length: > 0 } engine) return engine.Trim();
        return OfKey(disk) is { } old ? Write(disk, enginePath, old, id => id)
            : Write(disk, enginePath, new Guid(Hash(disk, instanceId).AsSpan(0, 16)).ToString("D", CultureInfo.InvariantCulture), id => id);
    }

    /// <summary>Puts an identity on the disk that the image was baked with.</summary>
    /// <param name="dataRoot">Null: Docker's usual place.</param>
    public static void Bake(Disk disk, Version docker, string id, string? dataRoot)
    {
        if (dataRoot is not null) disk.Write("/etc/systemd/system/docker.service.d/10-data-root.conf", Encoding.UTF8.GetBytes($"[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// --data-root {dataRoot}\n"), 0x1a4);
        Write(disk, docker.Major < 23 ? KeyPath : $"{dataRoot ?? "/var/lib/docker"}/engine-id", id, text => docker.Major < 23 ? new JsonObject { ["kid"] = text }.ToJsonString() : text);
    }

    /// <summary>Takes every identity away, wherever dockerd may look for one: it makes another at its next start.</summary>
    public static void Forget(Disk disk)
    {
        disk.Remove(KeyPath);
        foreach (var path in disk.Named("engine-id")) disk.Remove(path);
    }

    private static string? OfKey(Disk disk)
    {
        if (disk.Text(KeyPath) is not { } text) return null;
        try
        {
            return JsonNode.Parse(text)?["kid"]?.GetValue<string>();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Write(Disk disk, string path, string id, Func<string, string> text)
    {
        disk.Write(path, Encoding.UTF8.GetBytes(text(id)), KeyMode);
        return id;
    }

    private static byte[] Hash(Disk disk, string instanceId) =>
        SHA512.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{instanceId}/engine/{disk.Identities++}")));

    private static string Groups(byte[] hash) => string.Join(':', hash.Take(48).Select(b => Alphabet[b % 32]).Chunk(4).Select(group => new string(group)));
}
