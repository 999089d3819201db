using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Providers.Tests.Contract;

/// <summary>A provider's cloud as the contract needs it: something real behind a socket, that can be looked into and broken.</summary>
public abstract class ContractCloud : IAsyncDisposable
{
    public abstract ProviderSettings Settings { get; }

    public abstract Offering Offering { get; }

    /// <summary>A driver that knows nothing yet, as after a restart of the operator. No decorator around it.</summary>
    public abstract IMachineDriver Open();

    /// <summary>Machines alive in the cloud for a node, seen without the driver.</summary>
    public abstract int CountLiving(string nodeUid);

    /// <summary>A machine that somebody else made; its provider id.</summary>
    public abstract string AddForeign();

    /// <summary>A provider id of the right form that never existed.</summary>
    public abstract string UnknownId { get; }

    /// <summary>Breaks every reading call from the <paramref name="nth"/> on.</summary>
    public abstract void BreakReads(Breakage breakage, int nth);

    /// <summary>Carries out the next create, but loses its answer.</summary>
    public abstract void LoseNextCreateAnswer();

    /// <summary>Lets the cloud's time pass: machines boot, terminated ones are gone.</summary>
    public abstract void Settle();

    /// <summary>Lets the driver's deadlines pass while <paramref name="call"/> hangs.</summary>
    public abstract Task PassDeadlineAsync(Task call, CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}
