using System.Diagnostics.CodeAnalysis;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Inventories;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Grids;

/// <summary>
/// Asks one Grid's Master over and over, for all pools and nodes at once: quickly while something is on its way, twice a minute when all is settled.
/// A poll that failed changes what is known of the Master, never what is known of nodes.
/// </summary>
/// <param name="announce">Called after what changed something; must be quick.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "A SemaphoreSlim whose wait handle is never asked for holds nothing to dispose of.")]
internal sealed class GridPoll(ObjectKey key, GridHubContext context, Action<GridPoll, GridObserved> announce)
{
    /// <summary>Nothing is asked while there is no such Grid; a new one wakes the poll.</summary>
    private static readonly TimeSpan NoGrid = TimeSpan.FromMinutes(10);

    private readonly WakeablePause pauses = new(context.Time);
    private readonly SemaphoreSlim knowing = new(1, 1);
    private readonly Lock gate = new();
    private volatile GridObserved observed = new("");
    private (MasterException Fault, long At)? refused;
    private long knownAt;
    private long quickUntil;
    private int failures;

    public ObjectKey Key => key;

    public GridObserved Observed => observed;

    /// <summary>Something is on its way: polls come quickly for a while.</summary>
    public void Expect()
    {
        var wasQuick = IsQuick;
        Interlocked.Exchange(ref quickUntil, context.Time.GetUtcNow().Add(context.Pace.QuickFor).UtcTicks);
        if (!wasQuick) pauses.Wake();
    }

    public void Wake() => pauses.Wake();

    /// <summary>Read by somebody who has just changed it.</summary>
    public void Learn(MasterGrid grid) => Change(o => o.Grid?.Fingerprint == grid.Fingerprint ? o with { Grid = grid } : o);

    public void Learn(string uid, string node, NodeHealth? health) => Change(o => o.Uid != uid ? o : o with { Health = health is null ? o.Health.Remove(node) : o.Health.SetItem(node, health) });

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var pause = await PollAsync(ct);
            await pauses.WaitAsync(pause, ct);
        }
    }

    /// <summary>A client with which version and grid were read, and whose grid is the right one.</summary>
    /// <exception cref="MasterException">It did not answer, or is another grid.</exception>
    public async Task<GridConnection> OpenAsync(CancellationToken ct)
    {
        var grid = context.Grids.Store.Find(key) ?? throw new MasterException(MasterFault.NotAllowed, $"Grid {key} does not exist. Create it.") { Reason = GridReasons.GridMissing };
        var open = await context.Connections.OpenAsync(grid, ct);
        if (observed.KnownBy != open.Master || observed.Uid != grid.Metadata.Uid) await KnowOrRefuseAsync(grid, open, ct);
        var now = observed;
        if (now.IsOther) throw new MasterException(MasterFault.NotAllowed, $"The Master has another grid {open.Endpoint.GridName} than the one that Grid {key} stood for.") { Reason = GridReasons.OtherGrid };
        var agentUrl = (grid.Spec.Master.AgentUrl ?? grid.Spec.Master.Url).TrimEnd('/');
        return new GridConnection(open.Master, now.Grid!, now.MasterVersion!, agentUrl, agentUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? open.Endpoint.Ca : null);
    }

    private bool IsQuick => context.Time.GetUtcNow().UtcTicks < Interlocked.Read(ref quickUntil);

    private async Task<TimeSpan> PollAsync(CancellationToken ct)
    {
        if (context.Grids.Store.Find(key) is not { } grid)
        {
            if (observed.Uid.Length > 0) context.Connections.Close(observed.Uid);
            Change(_ => new GridObserved(""));
            return NoGrid;
        }
        try
        {
            await ListAsync(grid, ct);
            failures = 0;
            return IsQuick ? context.Pace.Quick : context.Pace.GridSettled;
        }
        catch (MasterException fault)
        {
            failures++;
            Tell(fault);
            Change(o => Of(o, grid).After(fault, context.Time.GetUtcNow()));
            return PauseAfter(fault);
        }
    }

    private async Task ListAsync(Grid grid, CancellationToken ct)
    {
        var open = await context.Connections.OpenAsync(grid, ct);
        Change(o => Of(o, grid) with { SecretsHeld = open.SecretsHeld });
        var isDue = observed is not { Trouble: null, IsOther: false } || observed.KnownBy != open.Master || context.Time.GetElapsedTime(knownAt) >= context.Pace.GridFresh;
        if (isDue) await KnowAsync(grid, open, ct);
        if (observed.IsOther) return;
        var listing = await open.Master.ListNodesAsync(ct);
        var expected = observed.Grid!.Fingerprint; // known by now
        // An empty answer does not say of which grid it is; only the grid that is right may say that it has no nodes.
        if (listing.Fingerprint != expected && !(listing.Fingerprint is null && isDue)) await KnowAsync(grid, open, ct);
        if (observed.IsOther) return;
        if (listing.Fingerprint is { } other && other != expected) throw new MasterException(MasterFault.NotAMaster, "Listing nodes: the Master answers for another grid than the one it shows.");
        if (observed.Trouble is not null || observed.Last is null) context.Log.LogInformation("The Master of grid {Grid} answers: {Count} nodes", key, listing.Nodes.Count);
        Change(o => o.Uid == grid.Metadata.Uid ? o.After(listing) : o);
    }

    private async Task KnowOrRefuseAsync(Grid grid, OpenGrid open, CancellationToken ct)
    {
        await knowing.WaitAsync(ct);
        try
        {
            // Whoever waited while another was refused need not ask again.
            if (refused is { } before && context.Time.GetElapsedTime(before.At) < context.Pace.Quick) throw before.Fault;
            if (observed.KnownBy == open.Master && observed.Uid == grid.Metadata.Uid) return;
            await KnowAsync(grid, open, ct);
        }
        catch (MasterException fault)
        {
            refused = (fault, context.Time.GetTimestamp());
            throw;
        }
        finally
        {
            knowing.Release();
        }
    }

    /// <summary>Version first: below 1.4 nothing may be written with this client.</summary>
    private async Task KnowAsync(Grid grid, OpenGrid open, CancellationToken ct)
    {
        var version = await open.Master.ReadVersionAsync(ct);
        var read = await open.Master.ReadGridAsync(ct);
        knownAt = context.Time.GetTimestamp();
        refused = null;
        var expected = (context.Grids.Store.Find(key) ?? grid).Status?.Fingerprint;
        Change(o =>
        {
            o = Of(o, grid) with { KnownBy = open.Master, MasterVersion = version.Version, ClockAhead = ClockVerdict.Ahead(version) };
            return (expected ?? o.Grid?.Fingerprint ?? read.Fingerprint) == read.Fingerprint ? o with { Grid = read, IsOther = false } : o with { IsOther = true, Trouble = null };
        });
    }

    private static GridObserved Of(GridObserved known, Grid grid) => known.Uid == grid.Metadata.Uid ? known : new GridObserved(grid.Metadata.Uid!);

    private void Change(Func<GridObserved, GridObserved> change)
    {
        GridObserved before;
        lock (gate)
        {
            before = observed;
            observed = change(before);
            if (observed == before) return;
        }
        announce(this, before);
    }

    private void Tell(MasterException fault)
    {
        if (observed.Trouble?.Reason != fault.Reason) context.Log.LogWarning("The Master of grid {Grid} does not answer: {Reason}: {Message}", key, fault.Reason, fault.Message);
    }

    /// <summary>Where only a human can help, Secrets are read again soon and the Master asked with them: once in a while is cheap, and mended ones work at once.</summary>
    private TimeSpan PauseAfter(MasterException fault)
    {
        if (fault.NeedsHuman) return context.Pace.LookAgain;
        var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures - 1, 10)));
        var rule = wait < context.Pace.GridSettled ? wait : context.Pace.GridSettled;
        return fault.RetryAfter > rule ? fault.RetryAfter.Value : rule;
    }
}
