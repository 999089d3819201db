using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kontena.TestKit;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>moto, an EC2 emulator that others wrote, as a process of its own on loopback.</summary>
internal sealed class MotoServer : IAsyncDisposable
{
    private readonly Process process;

    private MotoServer(Process process, string address) => (this.process, Address) = (process, address);

    public string Address { get; }

    public static async Task<MotoServer> StartAsync(CancellationToken ct)
    {
        var missing = await Python.RunAsync("""
            try:
                import moto.server
            except Exception as e:
                print(f'{type(e).__name__}: {e}')
            """, "", ct);
        if (missing.Trim().Length > 0) Assert.Ignore($"moto's server cannot be imported on this machine: {missing.Trim()}");
        var port = FreePort();
        var process = Python.Start("-m", "moto.server", "-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture));
        // A full pipe would stop it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new MotoServer(process, $"http://127.0.0.1:{port}/");
        try
        {
            using var http = new HttpClient();
            await Eventually.HoldsAsync(() => AnswersAsync(http, server.Address, ct), "moto answers", TimeSpan.FromSeconds(90), ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string address, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address + "moto-api/"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
