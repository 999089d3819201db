using System.Diagnostics;
using NUnit.Framework;

namespace Kontena.TestKit.Engines;

/// <summary>
/// The programs of a real API server. <c>KUBEBUILDER_ASSETS</c> (a folder as setup-envtest makes it) wins; else the cache
/// that <c>tests/envtest/build.sh</c> fills: kube-apiserver 1.20.2, with CRDs served by apiextensions-apiserver 0.36.4 where that was built too.
/// </summary>
/// <param name="Version">Of kube-apiserver.</param>
/// <param name="ApiServer">Path of kube-apiserver.</param>
/// <param name="Etcd">Path of etcd.</param>
/// <param name="ControllerManager">Path of kube-controller-manager, or null: no garbage collection then.</param>
/// <param name="CrdServer">Path of a newer apiextensions-apiserver that serves CRDs behind the same URL, or null.</param>
public sealed record ApiServerBinaries(Version Version, string ApiServer, string Etcd, string? ControllerManager, string? CrdServer)
{
    private const string HowToGet =
        "run tests/envtest/build.sh (Debian 12 or newer), or set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd";

    private static readonly Lazy<ApiServerBinaries?> found = new(Find);

    /// <summary>The programs on this machine; the calling test is skipped, saying how to get them, where there are none.</summary>
    public static ApiServerBinaries Require()
    {
        if (found.Value is null) Assert.Ignore($"No kube-apiserver on this machine: {HowToGet}.");
        return found.Value!;
    }

    private static ApiServerBinaries? Find()
    {
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } assets)
            return At(assets, crdServer: null)
                ?? throw new InvalidOperationException($"KUBEBUILDER_ASSETS is {assets}, but kube-apiserver and etcd are not there.");
        var cache = Environment.GetEnvironmentVariable("ENVTEST_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "envtest");
        return At(Path.Combine(cache, "1.20.2", "bin"), Existing(Path.Combine(cache, "0.36.4", "bin", "apiextensions-apiserver")));
    }

    private static ApiServerBinaries? At(string folder, string? crdServer) =>
        Existing(Path.Combine(folder, "kube-apiserver")) is { } server && Existing(Path.Combine(folder, "etcd")) is { } etcd
            ? new ApiServerBinaries(VersionOf(server), server, etcd, Existing(Path.Combine(folder, "kube-controller-manager")), crdServer)
            : null;

    private static string? Existing(string path) => File.Exists(path) ? path : null;

    private static Version VersionOf(string server)
    {
        using var process = Process.Start(new ProcessStartInfo(server, ["--version"]) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        // "Kubernetes v1.20.2", with "-suffix" on builds that are no release
        return Version.Parse(text.Trim().Split('v')[^1].Split('-', '+')[0]);
    }
}
