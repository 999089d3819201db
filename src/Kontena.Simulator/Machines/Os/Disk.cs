using System.Text;
using Kontena.Simulator.Machines.Docker;

namespace Kontena.Simulator.Machines.Os;

/// <summary>What outlives a reboot: files, enabled units, packages, containers, and what was done once for this instance.</summary>
internal sealed class Disk
{
    private readonly SortedDictionary<string, DiskFile> files = new(StringComparer.Ordinal);

    public HashSet<string> EnabledUnits { get; } = new(StringComparer.Ordinal);

    /// <summary>By unit, those that start before it because they are enabled for it (<c>RequiredBy=</c> and <c>WantedBy=</c> a service); true where it needs them.</summary>
    public Dictionary<string, Dictionary<string, bool>> PulledIn { get; } = new(StringComparer.Ordinal);

    public HashSet<string> MaskedUnits { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Packages { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the containers that were made and not removed, running or not.</summary>
    public HashSet<string> Containers { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of <see cref="Containers"/> that Docker runs again when it starts. Secret: their environments hold tokens.</summary>
    public Dictionary<string, ContainerSpec> RestartedContainers { get; } = new(StringComparer.Ordinal);

    /// <summary>cloud-init's work of once per instance, or Ignition's first boot, is done.</summary>
    public bool FirstBootDone { get; set; }

    /// <summary>The ID of the Docker Engine as it last started; null before its first start.</summary>
    public string? EngineId { get; set; }

    /// <summary>How many Docker identities were made on this disk.</summary>
    public int Identities { get; set; }

    public string? HostName { get; set; }

    public DiskFile? Find(string path) => files.GetValueOrDefault(path);

    public string? Text(string path) => Find(path) is { } file ? Encoding.UTF8.GetString(file.Content) : null;

    public void Write(string path, byte[] content, int mode, bool append = false) =>
        files[path] = new(append && Find(path) is { } before ? [.. before.Content, .. content] : content, mode);

    /// <summary>Takes a file away, or a directory with all in it.</summary>
    public void Remove(string path)
    {
        files.Remove(path);
        foreach (var below in files.Keys.Where(file => file.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal)).ToList()) files.Remove(below);
    }

    /// <summary>What is in memory only is gone after a reboot.</summary>
    public void ForgetVolatile()
    {
        Remove("/run");
        Remove("/tmp");
    }

    /// <summary>Paths of the files right below a directory, in the order of their names.</summary>
    public IEnumerable<string> In(string directory) =>
        files.Keys.Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal) && path.IndexOf('/', directory.Length + 1) < 0);

    /// <summary>Paths of the files of that name, in whatever directory.</summary>
    public IReadOnlyList<string> Named(string name) => [.. files.Keys.Where(path => path.EndsWith("/" + name, StringComparison.Ordinal))];

    public bool Exists(string path) => files.ContainsKey(path) || files.Keys.Any(file => file.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));
}

/// <param name="Mode">Permission bits, for example octal 0600.</param>
internal sealed record DiskFile(byte[] Content, int Mode)
{
    /// <summary>A file may hold tokens.</summary>
    public override string ToString() => $"{Content.Length} bytes, mode {Convert.ToString(Mode, 8)}";
}
