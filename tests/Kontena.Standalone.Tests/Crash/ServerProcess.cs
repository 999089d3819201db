using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kontena.Standalone.Tests.Crash;

/// <summary>The embedded server in a process of its own (tests/StandaloneHost), which ends by SIGKILL and in no other way.</summary>
internal sealed class ServerProcess : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder;
    private readonly Process process;

    private ServerProcess(string folder, Process process) => (this.folder, this.process) = (folder, process);

    /// <summary>Loads the program; nothing of the data folder is touched before <see cref="StartAsync"/>.</summary>
    public static async Task<ServerProcess> LoadAsync(string folder, string crdFile)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "StandaloneHost.dll");
        var start = new ProcessStartInfo("dotnet", [program, folder, "0", crdFile]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var server = new ServerProcess(folder, Process.Start(start) ?? throw new InvalidOperationException("The server's process did not start."));
        return await server.LineAsync() == "loaded" ? server : throw new InvalidOperationException("The server's process did not load.");
    }

    public void BeginStart()
    {
        process.StandardInput.WriteLine("start");
        process.StandardInput.Flush();
    }

    /// <summary>Returns the address once requests are answered.</summary>
    public async Task<Uri> StartAsync()
    {
        BeginStart();
        return new Uri(await LineAsync() ?? throw new InvalidOperationException($"The server did not start: it exited with {process.ExitCode}."));
    }

    /// <summary>SIGKILL, by the process id; returns when the kernel has taken the process away.</summary>
    public void Kill()
    {
        if (process.HasExited) throw new InvalidOperationException($"The server ended by itself with {process.ExitCode} before it could be killed.");
        process.Kill();
        if (!process.WaitForExit(Patience)) throw new TimeoutException("The killed server is still there.");
    }

    public HttpClient Client(Uri address)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "ca.crt")));
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = policy } })
        {
            BaseAddress = address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Patience,
        };
        client.DefaultRequestHeaders.Authorization = new("Bearer", File.ReadAllText(Path.Combine(folder, "token")));
        return client;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit(Patience);
        process.Dispose();
    }

    private async Task<string?> LineAsync()
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        return await process.StandardOutput.ReadLineAsync(limit.Token);
    }
}
