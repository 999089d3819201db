using System.Text.Json;
using Kontena.Simulator.Machines.Os;

namespace Kontena.Simulator.Machines.Docker;

/// <summary>dockerd and its client on one machine, within one boot.</summary>
/// <param name="launch">Starts the process of a container; the second argument is to be called with its exit code.</param>
internal sealed class DockerDaemon(Disk disk, Journal journal, Version version, string instanceId, Func<ContainerSpec, Action<int>, IContainer> launch)
{
    private const string ConfigPath = "/etc/docker/daemon.json";

    /// <summary>A setting that is there as a flag and in the file keeps dockerd from starting.</summary>
    private static readonly Dictionary<string, string> FlagOf = new(StringComparer.Ordinal)
    {
        ["bip"] = "--bip",
        ["insecure-registries"] = "--insecure-registry",
        ["data-root"] = "--data-root",
        ["storage-driver"] = "--storage-driver",
        ["log-driver"] = "--log-driver",
        ["labels"] = "--label",
        ["hosts"] = "-H",
    };

    private readonly Dictionary<string, (ContainerSpec Spec, IContainer Process)> running = new(StringComparer.Ordinal);
    private string dataRoot = "/var/lib/docker";
    private int unnamed;

    public bool Running { get; private set; }

    /// <summary>Labels of the engine, from its configuration.</summary>
    public IReadOnlyList<string> Labels { get; private set; } = [];

    /// <summary>False where dockerd does not come up; the journal says why.</summary>
    public bool Start(IReadOnlyList<string> flags)
    {
        if (Running) return true;
        try
        {
            Configure(flags);
        }
        catch (JsonException)
        {
            journal.Say("dockerd", $"unable to configure the Docker daemon with file {ConfigPath}: it is no JSON object");
            return false;
        }
        catch (DockerException e)
        {
            journal.Say("dockerd", e.Message);
            return false;
        }
        disk.EngineId = DockerIdentity.Load(disk, version, dataRoot, instanceId);
        Running = true;
        journal.Say("dockerd", $"API listen on /run/docker.sock, ID {disk.EngineId}");
        foreach (var spec in disk.RestartedContainers.Values.ToList()) Begin(spec, spec.Name ?? "", static _ => { });
        return true;
    }

    /// <summary>Stops the daemon and with it every container.</summary>
    public void Stop()
    {
        Running = false;
        foreach (var (_, process) in running.Values) process.Stop();
        running.Clear();
    }

    public void Kill()
    {
        Running = false;
        foreach (var (_, process) in running.Values) process.Kill();
        running.Clear();
    }

    /// <summary>A running container; null where none of that name runs.</summary>
    public ContainerSpec? Find(string name) => running.TryGetValue(name, out var found) ? found.Spec : null;

    /// <summary>Makes and runs a container in the place of one of the same name, as the agent does through the socket. Does nothing where Docker does not run.</summary>
    public void Replace(ContainerSpec spec)
    {
        var name = spec.Name ?? throw new ArgumentException("A container that is replaced has a name.", nameof(spec));
        if (!Running) return;
        if (disk.Containers.Contains(name)) End([name], evenRunning: true, remove: true);
        disk.Containers.Add(name);
        if (spec.Restarted) disk.RestartedContainers[name] = spec;
        Begin(spec, name, static _ => { });
    }

    /// <summary>What the client does with these words (without <c>docker</c> itself).</summary>
    /// <param name="exited">Called once the container that it waits for ended.</param>
    public Outcome Client(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, Action<int> exited)
    {
        if (!Running)
        {
            journal.Say("docker", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?");
            return new(words.Contains("run") ? 125 : 1);
        }
        try
        {
            // "docker container run" is "docker run".
            var verb = words is [_, ..] && words[0] == "container" ? 1 : 0;
            var rest = words.Skip(verb + 1).ToList();
            return (words.Count > verb ? words[verb] : "") switch
            {
                "run" => Run(DockerRun.Parse(rest, environment, disk), exited),
                "stop" or "kill" => End(Names(rest), evenRunning: true, remove: false),
                "rm" => End(Names(rest), evenRunning: rest.Intersect(["-f", "--force", "-fv", "-vf"]).Any(), remove: true),
                "pull" => Pull(rest.LastOrDefault() ?? ""),
                _ => Outcome.Done,
            };
        }
        catch (DockerException e)
        {
            journal.Say("docker", e.Message);
            return new(125);
        }
    }

    /// <summary>The words that are no flags and no seconds of <c>stop -t 10</c>.</summary>
    private static IReadOnlyList<string> Names(IEnumerable<string> words) => [.. words.Where(w => !w.StartsWith('-') && !w.All(char.IsAsciiDigit))];

    private Outcome Run(ContainerSpec spec, Action<int> exited)
    {
        var name = spec.Name ?? $"unnamed-{unnamed++}";
        if (spec.Name is not null && disk.Containers.Contains(name)) throw new DockerException($"Conflict. The container name \"/{name}\" is already in use.");
        CheckTag(spec.Repository, spec.Tag);
        disk.Containers.Add(name);
        var process = Begin(spec, name, exited);
        return spec.Detached ? Outcome.Done : new(0, process);
    }

    private IContainer Begin(ContainerSpec spec, string name, Action<int> exited)
    {
        var process = launch(spec, code =>
        {
            running.Remove(name);
            if (spec.Removed) disk.Containers.Remove(name);
            exited(code);
        });
        running.Add(name, (spec, process));
        return process;
    }

    private Outcome End(IReadOnlyList<string> names, bool evenRunning, bool remove)
    {
        var code = 0;
        foreach (var name in names)
        {
            if (!disk.Containers.Contains(name))
            {
                journal.Say("docker", $"Error: No such container: {name}");
                code = 1;
                continue;
            }
            if (running.TryGetValue(name, out var found))
            {
                if (!evenRunning) throw new DockerException($"You cannot remove a running container {name}.");
                running.Remove(name);
                found.Process.Stop();
            }
            if (!remove && found.Spec?.Removed != true) continue;
            disk.Containers.Remove(name);
            disk.RestartedContainers.Remove(name);
        }
        return new(code);
    }

    private static Outcome Pull(string reference)
    {
        var spec = DockerRun.Parse([reference], new Dictionary<string, string>(), new Disk());
        CheckTag(spec.Repository, spec.Tag);
        return Outcome.Done;
    }

    /// <summary>Agent images are tagged with full versions and <c>latest</c>; what else there is nobody knows, and it is taken to be there.</summary>
    private static void CheckTag(string repository, string tag)
    {
        if (repository.EndsWith("kontena/agent", StringComparison.Ordinal) && tag != "latest" && !Version.TryParse(tag, out _))
            throw new DockerException($"manifest for {repository}:{tag} not found: manifest unknown.");
    }

    private void Configure(IReadOnlyList<string> flags)
    {
        Labels = [.. Values(flags, "--label")];
        dataRoot = Values(flags, "--data-root").LastOrDefault() ?? "/var/lib/docker";
        if (disk.Text(ConfigPath) is not { } text) return;
        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException();
        foreach (var (key, flag) in FlagOf)
            if (document.RootElement.TryGetProperty(key, out _) && flags.Any(f => f == flag || f.StartsWith(flag + "=", StringComparison.Ordinal)))
                throw new DockerException($"the following directives are specified both as a flag and in the configuration file: {key}");
        if (document.RootElement.TryGetProperty("data-root", out var root) && root.ValueKind == JsonValueKind.String) dataRoot = root.GetString() ?? dataRoot;
        if (document.RootElement.TryGetProperty("labels", out var labels) && labels.ValueKind == JsonValueKind.Array)
            Labels = [.. Labels, .. labels.EnumerateArray().Where(l => l.ValueKind == JsonValueKind.String).Select(l => l.GetString() ?? "")];
    }

    private static IEnumerable<string> Values(IReadOnlyList<string> flags, string name) =>
        flags.Where(f => f.StartsWith(name + "=", StringComparison.Ordinal)).Select(f => f[(name.Length + 1)..])
            .Concat(flags.Zip(flags.Skip(1)).Where(pair => pair.First == name).Select(pair => pair.Second));
}
