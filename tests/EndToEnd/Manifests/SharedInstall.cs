namespace Kontena.EndToEnd.Manifests;

/// <summary>One <see cref="InstalledCluster"/> for all tests of installs, started by the first that asks.</summary>
internal static class SharedInstall
{
    // Not the first test's token: its end must not end the server for the others.
    private static readonly Lazy<Task<InstalledCluster>> installed = new(() => InstalledCluster.StartAsync(CancellationToken.None));

    /// <summary>The calling test is skipped, with the reason, where this machine has no kube-apiserver or no kubectl.</summary>
    public static Task<InstalledCluster> GetAsync()
    {
        InstalledCluster.Require();
        return installed.Value;
    }

    public static async Task StopAsync()
    {
        if (installed is not { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) return;
        var cluster = await installed.Value;
        cluster.Server.KeepLogs = TestContext.CurrentContext.Result.FailCount > 0;
        await cluster.DisposeAsync();
    }
}
