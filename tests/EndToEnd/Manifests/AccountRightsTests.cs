using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Manifests;

/// <summary>What the operator's ServiceAccount may not do.</summary>
[Platform("Linux")]
public sealed class AccountRightsTests
{
    /// <summary>The overlay in a namespace of a user's own.</summary>
    private static readonly Lazy<Task> own = new(() => ApplyForAsync("one"));

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [TestCase("/api/v1/namespaces/kube-system", 200)]
    [TestCase("/api/v1/namespaces/kontena-system", 403)]
    [TestCase("/api/v1/namespaces/default/secrets", 403)]
    [TestCase("/apis/coordination.k8s.io/v1/namespaces/kontena-system/leases/another", 403)]
    [TestCase("/apis/coordination.k8s.io/v1/namespaces/default/leases/kontena-operator", 403)]
    [TestCase("/apis/kontena.io/v1alpha1/nodepools", 200)]
    public async Task Account_OfTheBase_MayReadNoMore(string path, int code)
    {
        var cluster = await SharedInstall.GetAsync();
        Assert.That(await CodeAsync(cluster, "kontena-system", path), Is.EqualTo(code));
    }

    [TestCase("/api/v1/namespaces/kube-system", 200)]
    [TestCase("/api/v1/namespaces/default", 403)]
    [TestCase("/api/v1/namespaces/kube-system/configmaps", 403)]
    [TestCase("/apis/kontena.io/v1alpha1/namespaces/one/nodepools", 200)]
    [TestCase("/apis/kontena.io/v1alpha1/namespaces/default/nodepools", 403)]
    [TestCase("/apis/kontena.io/v1alpha1/nodepools", 403)]
    [TestCase("/api/v1/namespaces/default/secrets/aws", 403)]
    [TestCase("/api/v1/configmaps", 403)]
    public async Task Account_OfTheOverlay_MayReadItsNamespaceOnly(string path, int code)
    {
        var cluster = await SharedInstall.GetAsync();
        await own.Value;
        Assert.That(await CodeAsync(cluster, "one", path), Is.EqualTo(code));
    }

    private static async Task<int> CodeAsync(InstalledCluster cluster, string ns, string path)
    {
        using var account = new ApiHttp(ClusterAccess.Read(await cluster.AccountKubeconfigAsync(ns, "kontena-operator", Ct)));
        return (await account.GetAsync(path, Ct)).Code;
    }

    /// <summary>As docs/install.md says: one line of the overlay changed.</summary>
    private static async Task ApplyForAsync(string ns)
    {
        var cluster = await SharedInstall.GetAsync();
        await cluster.CreateNamespaceAsync(ns, CancellationToken.None);
        var copy = Path.Combine(cluster.Kubectl.Folder, "manifests");
        foreach (var file in Directory.GetFiles(Kustomizations.Folder(Kustomizations.Base), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Kustomizations.Folder(Kustomizations.Base), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        var line = Path.Combine(copy, "overlays", "namespaced", "namespace.yaml");
        await File.WriteAllTextAsync(line, (await File.ReadAllTextAsync(line)).Replace("namespace: kontena\n", $"namespace: {ns}\n", StringComparison.Ordinal));
        var applied = await cluster.ApplyAsync(Path.Combine(copy, "overlays", "namespaced"), [], CancellationToken.None);
        Assert.That(applied.Done.Select(d => d.Verdict), Is.All.EqualTo("created"), applied.Result.Error);
        Assert.That(applied.Complaints, Is.Empty);
    }
}
