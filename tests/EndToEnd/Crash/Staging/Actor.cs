using Kontena.EndToEnd.Crash.Dying;
using Kontena.EndToEnd.Crash.Judging;
using Kontena.EndToEnd.Operator;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;
using Kontena.Operator.Providers;

namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>One operator on stage, from its start to its end; it may die, or stand still, on the way.</summary>
/// <param name="grid">Null: there is none.</param>
internal sealed class Actor(OperatorScene scene, MortalProcess process, Witness witness, GridStage? grid, TimeSpan listsLate) : IAsyncDisposable
{
    private Task<OperatorRun> starting = null!; // set by Enter, before anything else is asked

    public MortalProcess Process => process;

    /// <summary>It ended by itself, for whatever reason.</summary>
    public bool HasEnded => starting.IsFaulted || (starting.IsCompletedSuccessfully && starting.Result.Running.IsCompleted);

    /// <summary>Only so that another may lead: whoever runs it starts it anew.</summary>
    public bool HasLostTheLease => starting.IsCompletedSuccessfully && starting.Result.Running.Exception?.InnerException is LeadershipLost;

    public void Enter(Func<IKubeApi, IKubeApi>? api = null)
    {
        var mortal = new MortalApi((api ?? (a => a))(scene.OperatorsApi), process, witness);
        var surroundings = new Surroundings(process.Time, scene.Logs)
        {
            OpenDriver = (provider, credentials, environment) => new MortalDriver(ProviderCatalog.Open(provider, credentials, environment), process, id => grid?.Witness.OfEndAsync(id) ?? Task.CompletedTask),
            OpenMaster = (endpoint, time) => new MortalMaster(Late(KontenaMaster.Open(endpoint, time)), process),
            LeaseClock = process.Time,
            RandomBytes = SceneGrids.RandomBytes,
        };
        starting = OperatorRun.StartAsync(new WatchedApi(mortal), scene.Settings(), surroundings, scene.Ct);
    }

    private IKontenaMaster Late(IKontenaMaster master) => listsLate > TimeSpan.Zero ? new LateLists(master, listsLate) : master;

    /// <summary>Throws what ended it, where that is no part of the play.</summary>
    public async Task CheckAsync()
    {
        if (process.IsStruck || HasLostTheLease || !HasEnded) return;
        await (await starting).Running;
        throw new AssertionException("an operator ended that nobody stopped");
    }

    public async ValueTask DisposeAsync()
    {
        process.Die();
        try
        {
            await (await starting).DisposeAsync();
        }
        catch (Exception e) when (e is KubeFault or LeadershipLost)
        {
            // It died before it could begin, or had to leave: either way it is over.
        }
    }
}
