using Kontena.EndToEnd.Access;
using Kontena.EndToEnd.Engines;
using Kontena.EndToEnd.Manifests;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Client.Config;
using Kontena.Operator.Commands;
using Kontena.TestKit.Engines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Operator;

/// <summary>Each engine, started once by the first scene that asks for it and shared by all: a scene has a namespace of its own.</summary>
internal static class SceneEngines
{
    private static readonly Lock gate = new();
    private static Task<EmbeddedServer>? embedded;
    private static string? folder;

    /// <summary>
    /// The kubeconfig of the scene's operator. On the real engine it has the rights that <c>manifests/</c> gives it and no others; the embedded
    /// one knows one user only.
    /// </summary>
    /// <param name="kubeconfig">The administrator's.</param>
    /// <param name="home">The operator's own namespace.</param>
    /// <param name="folder">For the operator's kubeconfig.</param>
    public static async Task<string> OperatorsKubeconfigAsync(SceneOptions options, string kubeconfig, string home, string folder, CancellationToken ct)
    {
        if (options.Engine == SceneEngine.Embedded) return kubeconfig;
        var account = await InstalledAccount.OfAsync(options.Install == SceneInstall.Namespaced ? Kustomizations.Namespaced : Kustomizations.Base);
        return await account.InstallAsync(kubeconfig, home, folder, ct);
    }

    /// <summary>The kubeconfig of the running engine; the calling test is skipped, with the reason, where this machine cannot run it.</summary>
    public static async Task<string> KubeconfigAsync(SceneEngine engine) => engine switch
    {
        SceneEngine.Embedded => (await EmbeddedAsync()).KubeconfigPath,
        SceneEngine.Real => (await RealAsync()).KubeconfigPath,
        _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, "No such engine."),
    };

    public static KubeClient Client(string kubeconfig) =>
        new(KubeConfig.Read(kubeconfig).Resolve(), new KubeClientOptions(), TimeProvider.System, NullLogger<KubeClient>.Instance);

    public static async Task StopAsync()
    {
        if (embedded is { IsCompletedSuccessfully: true }) await (await embedded).DisposeAsync();
        if (folder is not null) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Deletion is only whole where owned objects go with their owner.</summary>
    private static async Task<ApiEngine> RealAsync()
    {
        var engine = await EndToEndEngines.GetAsync(EngineKind.Real);
        engine.Require(EngineFeature.GarbageCollection);
        return engine;
    }

    private static Task<EmbeddedServer> EmbeddedAsync()
    {
        // Not the first test's token: its end must not end the server for the others.
        lock (gate) return embedded ??= EmbeddedServer.StartAsync(folder = Directory.CreateTempSubdirectory("kontena-scene-").FullName, 0, NullLoggerFactory.Instance, CancellationToken.None);
    }
}
