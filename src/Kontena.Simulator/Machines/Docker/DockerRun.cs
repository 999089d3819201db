using System.Text.RegularExpressions;
using Kontena.Simulator.Machines.Os;

namespace Kontena.Simulator.Machines.Docker;

/// <summary>Reads the words after <c>docker run</c> as Docker's client does. What it refuses it refuses here, in its own words.</summary>
internal static partial class DockerRun
{
    private static readonly HashSet<string> Switches = new(StringComparer.Ordinal)
    {
        "detach", "init", "interactive", "tty", "privileged", "publish-all", "quiet", "read-only", "rm", "sig-proxy", "oom-kill-disable", "no-healthcheck", "disable-content-trust",
    };

    private static readonly HashSet<string> Valued = new(StringComparer.Ordinal)
    {
        "add-host", "annotation", "attach", "blkio-weight", "cap-add", "cap-drop", "cgroup-parent", "cgroupns", "cidfile", "cpu-period", "cpu-quota", "cpu-shares", "cpus", "cpuset-cpus",
        "cpuset-mems", "device", "dns", "dns-option", "dns-search", "entrypoint", "env", "env-file", "expose", "gpus", "group-add", "health-cmd", "health-interval", "health-retries",
        "health-timeout", "hostname", "ip", "ipc", "label", "label-file", "link", "log-driver", "log-opt", "mac-address", "memory", "memory-reservation", "memory-swap", "memory-swappiness",
        "mount", "name", "net", "network", "network-alias", "oom-score-adj", "pid", "pids-limit", "platform", "publish", "pull", "restart", "runtime", "security-opt", "shm-size",
        "stop-signal", "stop-timeout", "storage-opt", "sysctl", "tmpfs", "ulimit", "user", "userns", "uts", "volume", "volume-driver", "volumes-from", "workdir",
    };

    private static readonly Dictionary<char, string> Short = new()
    {
        ['a'] = "attach",
        ['c'] = "cpu-shares",
        ['d'] = "detach",
        ['e'] = "env",
        ['h'] = "hostname",
        ['i'] = "interactive",
        ['l'] = "label",
        ['m'] = "memory",
        ['p'] = "publish",
        ['P'] = "publish-all",
        ['q'] = "quiet",
        ['t'] = "tty",
        ['u'] = "user",
        ['v'] = "volume",
        ['w'] = "workdir",
    };

    /// <param name="client">The environment of the client, which <c>-e NAME</c> takes its values from.</param>
    /// <exception cref="DockerException">The client refuses the command line.</exception>
    public static ContainerSpec Parse(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> client, Disk disk)
    {
        var flags = new List<(string Name, string Value)>();
        var at = 0;
        while (at < words.Count && words[at] is ['-', _, ..] and not "--") at = Flag(words, at, flags);
        if (at < words.Count && words[at] == "--") at++;
        if (at >= words.Count) throw new DockerException("\"docker run\" requires at least 1 argument.");
        var reference = Reference().Match(words[at]);
        if (!reference.Success) throw new DockerException("invalid reference format.");
        var network = flags.LastOrDefault(f => f.Name is "net" or "network").Value;
        return new()
        {
            Name = flags.LastOrDefault(f => f.Name == "name").Value,
            Repository = reference.Groups["repository"].Value,
            Tag = reference.Groups["tag"] is { Success: true } tag ? tag.Value : "latest",
            Environment = Environment(flags, client, disk),
            HostNetwork = network == "host",
            Detached = IsOn(flags, "detach"),
            Removed = IsOn(flags, "rm"),
            Mounts = [.. flags.Where(f => f.Name == "volume").Select(f => Volume(f.Value)).OfType<Mount>(), .. flags.Where(f => f.Name == "mount").Select(f => Bind(f.Value)).OfType<Mount>()],
        };
    }

    private static bool IsOn(List<(string Name, string Value)> flags, string name) => flags.LastOrDefault(f => f.Name == name).Value is "true" or "1";

    private static int Flag(IReadOnlyList<string> words, int at, List<(string, string)> flags)
    {
        var word = words[at];
        if (!word.StartsWith("--", StringComparison.Ordinal)) return ShortFlags(words, at, flags);
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? word[2..] : word[2..equals];
        if (Switches.Contains(name)) flags.Add((name, equals < 0 ? "true" : word[(equals + 1)..]));
        else if (!Valued.Contains(name)) throw new DockerException($"unknown flag: --{name}");
        else if (equals >= 0) flags.Add((name, word[(equals + 1)..]));
        else flags.Add((name, at + 1 < words.Count ? words[++at] : throw new DockerException($"flag needs an argument: --{name}")));
        return at + 1;
    }

    /// <summary><c>-it</c> is two switches; <c>-eNAME</c>, <c>-e NAME</c> and <c>-e=NAME</c> are one.</summary>
    private static int ShortFlags(IReadOnlyList<string> words, int at, List<(string, string)> flags)
    {
        var word = words[at];
        for (var i = 1; i < word.Length; i++)
        {
            if (!Short.TryGetValue(word[i], out var name)) throw new DockerException($"unknown shorthand flag: '{word[i]}'");
            if (Switches.Contains(name))
            {
                flags.Add((name, "true"));
                continue;
            }
            var rest = word[(i + 1)..];
            if (rest.Length == 0) rest = at + 1 < words.Count ? words[++at] : throw new DockerException($"flag needs an argument: '{word[i]}'");
            else if (rest[0] == '=') rest = rest[1..];
            flags.Add((name, rest));
            break;
        }
        return at + 1;
    }

    private static Dictionary<string, string> Environment(List<(string Name, string Value)> flags, IReadOnlyDictionary<string, string> client, Disk disk)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        // --env wins over --env-file, wherever the two stand.
        foreach (var (_, path) in flags.Where(f => f.Name == "env-file"))
            foreach (var line in (disk.Text(path) ?? throw new DockerException($"open {path}: no such file or directory.")).ReplaceLineEndings("\n").Split('\n'))
                if (line.TrimStart() is [not '#', ..] entry) Take(environment, CheckName(entry, path), client);
        foreach (var (_, entry) in flags.Where(f => f.Name == "env")) Take(environment, entry, client);
        return environment;
    }

    private static string CheckName(string entry, string path) =>
        entry.Split('=')[0].Any(char.IsWhiteSpace) ? throw new DockerException($"poorly formatted environment: a variable in {path} contains whitespaces.") : entry;

    /// <summary>A name alone takes the client's value, and is left out of the container where the client has none.</summary>
    private static void Take(Dictionary<string, string> environment, string entry, IReadOnlyDictionary<string, string> client)
    {
        var equals = entry.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0) environment[entry[..equals]] = entry[(equals + 1)..];
        else if (equals < 0 && client.TryGetValue(entry, out var value)) environment[entry] = value;
        else environment.Remove(entry);
    }

    private static Mount? Volume(string text) => text.Split(':') is [var source, var target, ..] parts && source.StartsWith('/')
        ? new(source, target, parts.Length > 2 && parts[2].Split(',').Contains("ro")) : null;

    private static Mount? Bind(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in text.Split(',').Select(f => f.Split('=', 2))) fields[field[0]] = field.Length > 1 ? field[1] : "true";
        var (source, target) = (fields.GetValueOrDefault("source") ?? fields.GetValueOrDefault("src"),
            fields.GetValueOrDefault("target") ?? fields.GetValueOrDefault("destination") ?? fields.GetValueOrDefault("dst"));
        return fields.GetValueOrDefault("type") == "bind" && source is not null && target is not null
            ? new(source, target, (fields.GetValueOrDefault("readonly") ?? fields.GetValueOrDefault("ro")) is "true" or "1") : null;
    }

    [GeneratedRegex(@"^(?<repository>([a-zA-Z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@sha256:[0-9a-f]{64})?$")]
    private static partial Regex Reference();
}

/// <summary>Docker refuses, in its own words. No message holds a variable's value.</summary>
internal sealed class DockerException(string message) : Exception(message);
