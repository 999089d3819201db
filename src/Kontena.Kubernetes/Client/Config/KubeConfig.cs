namespace Kontena.Kubernetes.Client.Config;

/// <summary>
/// A kubeconfig: clusters, users and the contexts that join them. Read as kubectl reads it: of several files the first to
/// name an entry wins, entries are never mixed, relative paths count from the file that holds them.
/// </summary>
public sealed record KubeConfig
{
    public IReadOnlyList<Cluster> Clusters { get; init; } = [];

    public IReadOnlyList<User> Users { get; init; } = [];

    public IReadOnlyList<Context> Contexts { get; init; } = [];

    public string? CurrentContext { get; init; }

    /// <summary>Explicit file, else <c>KUBECONFIG</c>, else the pod's service account, else <c>~/.kube/config</c>.</summary>
    /// <exception cref="KubeConfigFault">Nothing was found, or what was found cannot be read.</exception>
    public static KubeConfig Load(KubeConfigSources sources)
    {
        if (!string.IsNullOrEmpty(sources.ExplicitFile)) return Read(sources.ExplicitFile);
        if (!string.IsNullOrEmpty(sources.KubeConfigVariable)) return LoadFiles(sources.KubeConfigVariable);
        if (InCluster.Find(sources) is { } pod) return pod;
        if (sources.DefaultFile is { } file && File.Exists(file)) return Read(file);
        throw new KubeConfigFault(null, null,
            "no Kubernetes configuration was found: no file was named, KUBECONFIG is empty, "
            + $"{sources.ServiceAccountFolder} holds no service account of a pod, and {sources.DefaultFile ?? "a home folder"} does not exist");
    }

    /// <summary>Reads one file.</summary>
    /// <exception cref="KubeConfigFault"/>
    public static KubeConfig Read(string file)
    {
        var path = Path.GetFullPath(file);
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigFault(path, null, $"cannot be read ({e.GetType().Name})");
        }
    }

    /// <param name="file">Absolute path that messages name and that relative paths count from; the file itself is not read.</param>
    /// <exception cref="KubeConfigFault"/>
    public static KubeConfig Parse(string yaml, string file) => KubeConfigReader.Read(yaml, file);

    /// <summary>Looks up a context and checks what only matters when it is used.</summary>
    /// <param name="context">Null takes <see cref="CurrentContext"/>.</param>
    /// <exception cref="KubeConfigFault"/>
    public KubeAccess Resolve(string? context = null) => AccessRules.Resolve(this, context);

    /// <summary>This configuration with what only <paramref name="later"/> has.</summary>
    public KubeConfig MergedWith(KubeConfig later) => new()
    {
        Clusters = [.. Clusters, .. later.Clusters.Where(c => Clusters.All(mine => mine.Name != c.Name))],
        Users = [.. Users, .. later.Users.Where(u => Users.All(mine => mine.Name != u.Name))],
        Contexts = [.. Contexts, .. later.Contexts.Where(c => Contexts.All(mine => mine.Name != c.Name))],
        CurrentContext = string.IsNullOrEmpty(CurrentContext) ? later.CurrentContext : CurrentContext,
    };

    public override string ToString() => $"KubeConfig of {Contexts.Count} contexts";

    // kubectl skips files of the list that do not exist: people keep optional ones in it.
    private static KubeConfig LoadFiles(string variable)
    {
        var files = variable.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = files.Where(File.Exists).Select(Read).ToList();
        if (found.Count == 0)
            throw new KubeConfigFault(null, null, $"none of the files that KUBECONFIG names exists: {string.Join(", ", files)}");
        return found.Aggregate((first, later) => first.MergedWith(later));
    }
}
