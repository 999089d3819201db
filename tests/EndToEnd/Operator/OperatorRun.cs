using Kontena.Kubernetes.Client;
using Kontena.Operator;

namespace Kontena.EndToEnd.Operator;

/// <summary>One operator process, in this one.</summary>
internal sealed class OperatorRun : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;
    private Wiring wiring;
    private bool over;

    private OperatorRun(WatchedApi api, Wiring wiring, Func<CancellationToken, Task<Wiring>> anew)
    {
        (Api, this.wiring) = (api, wiring);
        running = Task.Run(() => RunAsync(anew));
    }

    public WatchedApi Api { get; }

    /// <summary>Ends when the operator does, with its error.</summary>
    public Task Running => running;

    /// <exception cref="KubeFault">The process died, or was refused, before it could begin.</exception>
    public static async Task<OperatorRun> StartAsync(WatchedApi api, OperatorSettings settings, Surroundings surroundings, CancellationToken ct) =>
        new(api, await Wiring.OfAsync(api, settings, surroundings, ct), token => Wiring.OfAsync(api, settings, surroundings, token));

    /// <summary>As the program does: starts over where the installation's record has changed.</summary>
    private async Task RunAsync(Func<CancellationToken, Task<Wiring>> anew)
    {
        try
        {
            while (await wiring.RunAsync(stop.Token))
            {
                var before = wiring;
                wiring = await anew(stop.Token);
                await before.DisposeAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped between two lives.
        }
    }

    /// <summary>As SIGTERM does.</summary>
    public async Task StopAsync()
    {
        if (over) return;
        over = true;
        await stop.CancelAsync();
        await running;
        await wiring.DisposeAsync();
    }

    /// <summary>As SIGKILL does: no further write arrives, and what the process knew is gone.</summary>
    public async Task CrashAsync()
    {
        Api.Die();
        try
        {
            await StopAsync();
        }
        catch (KubeFault)
        {
            // The dead have no last words.
        }
        catch (TimeoutException)
        {
            // Nor do they wait for their reconciles.
        }
    }

    /// <summary>May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        await CrashAsync();
        stop.Dispose();
    }
}
