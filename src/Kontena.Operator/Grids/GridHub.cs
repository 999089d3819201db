using System.Collections.Concurrent;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Grids;

/// <summary>
/// What is known of every Grid and its Master, shared by all: one poll a Grid, however many pools and nodes look at it. Answers of itself whatever
/// state Grids are in; wakes those whom a change concerns.
/// </summary>
internal sealed class GridHub : IDisposable
{
    private readonly GridHubContext context;
    private readonly Action<GridNews> announce;
    private readonly ConcurrentDictionary<ObjectKey, (GridPoll Poll, GridHealth Health)> polls = [];
    private readonly Dictionary<ObjectKey, object> told = [];
    private readonly Lock telling = new();
    private readonly Lock gate = new();
    private readonly Loops loops = new();
    private readonly IDisposable subscription;

    /// <param name="announce">Must be quick.</param>
    public GridHub(GridHubContext context, Action<GridNews> announce)
    {
        (this.context, this.announce) = (context, announce);
        subscription = context.Grids.Store.Subscribe(Changed);
    }

    /// <summary>Every Grid that there was since the operator started, in no order: for those who run the loops themselves.</summary>
    internal IEnumerable<(GridPoll Poll, GridHealth Health)> Polls => polls.Values;

    /// <summary>Asked by reconciles alone, so a Master is polled from the first of them: a standby leaves it in peace.</summary>
    public GridView View(string ns, string gridRef)
    {
        var key = new ObjectKey(ns, gridRef);
        if (context.Grids.Store.Find(key) is not null) PollOf(key);
        return View(key);
    }

    /// <summary>Something is on its way in this grid: it is polled quickly for a while.</summary>
    public void Expect(string ns, string gridRef) => Find(ns, gridRef)?.Poll.Expect();

    /// <summary>Something was written to the Master: the next poll comes at once.</summary>
    public void Wrote(string ns, string gridRef) => Find(ns, gridRef)?.Poll.Wake();

    /// <summary>A Secret of the Grid was held or changed, or the Grid itself: both are looked at again.</summary>
    public void LookAgain(Grid grid)
    {
        foreach (var name in GridSecrets.NamedBy(grid.Spec)) context.Connections.Secrets.Forget(new ObjectKey(grid.Metadata.Namespace!, name));
        Wrote(grid.Metadata.Namespace!, grid.Metadata.Name!);
    }

    /// <summary>The grid as somebody has just read it.</summary>
    public void Learn(string ns, string gridRef, MasterGrid grid) => Find(ns, gridRef)?.Poll.Learn(grid);

    /// <summary>Asks for one node's health soon, once.</summary>
    public void AskHealth(string ns, string gridRef, string kontenaName) => Find(ns, gridRef)?.Health.Ask(kontenaName);

    /// <summary>Whether each Secret of the Grid was last seen with our finalizer.</summary>
    public bool HoldsSecrets(Grid grid) => Find(grid.Metadata.Key) is { } o && o.Uid == grid.Metadata.Uid && o.SecretsHeld;

    /// <summary>A client for the Master, with what it takes to make nodes of machines. Kept by nobody: opened anew for each round.</summary>
    /// <exception cref="MasterException">There is no such Grid, a Secret is missing, the Master does not answer, or has another grid.</exception>
    public Task<GridConnection> OpenAsync(string ns, string gridRef, CancellationToken ct) => PollOf(new ObjectKey(ns, gridRef)).Poll.OpenAsync(ct);

    /// <summary>Polls until cancelled, then joins every poll. One that ends by itself ends the whole, with its error.</summary>
    public Task RunAsync(CancellationToken ct) => loops.RunAsync(ct);

    public void Dispose()
    {
        subscription.Dispose();
        context.Connections.Dispose();
    }

    private GridView View(ObjectKey key)
    {
        var grid = context.Grids.Store.Find(key);
        var observed = Find(key) is { } known && known.Uid == grid?.Metadata.Uid ? known : new GridObserved("");
        var facts = Facts(key, grid, observed);
        var hold = GridHolds.Of(facts);
        return new GridView
        {
            Name = key.Name,
            GridName = facts.GridName,
            Exists = facts.Exists,
            Holds = hold?.Hold,
            HoldNeedsHuman = hold?.NeedsHuman ?? false,
            Trouble = observed.Trouble,
            Last = observed.Last,
            Grid = observed.Grid,
            MasterVersion = observed.MasterVersion,
            AgentUrl = grid?.Spec.Master is { } master ? master.AgentUrl ?? master.Url : "",
            ClockAhead = observed.ClockAhead,
            Health = observed.Health,
            Slot = grid?.Status?.Replacing,
        };
    }

    private GridFacts Facts(ObjectKey key, Grid? grid, GridObserved observed) => grid is null
        ? new GridFacts { Key = key.ToString(), GridName = key.Name, Exists = false, Known = context.Grids.HasSynced }
        : new GridFacts
        {
            Key = key.ToString(),
            GridName = grid.Spec.Name ?? key.Name,
            Url = grid.Spec.Master.Url,
            Deleting = grid.Metadata.IsBeingDeleted,
            ClaimedBy = GridClaims.HolderOf(grid, context.Grids.Store)?.ToString(),
            IsOther = observed.IsOther,
            IsTooOld = observed.MasterVersion is { } version && !KontenaMaster.CanWrite(version),
            MasterVersion = observed.MasterVersion,
            Observed = observed.Last is not null,
            Protected = HeldByGrid.IsComplete(grid) && observed.SecretsHeld,
            Trouble = observed.Trouble,
            Nodes = observed.Last?.Nodes.Count ?? 0,
        };

    /// <summary>Those who stand for the same grid may have it now, or not any more.</summary>
    private void Changed(StoreChange<Grid> change)
    {
        switch (change)
        {
            case StoreChange<Grid>.Present present:
                Tell([present.Resource.Metadata.Key]);
                break;
            case StoreChange<Grid>.Added added:
                Wake(added.Resource);
                Tell(GridClaims.Sharing(added.Resource, context.Grids.Store));
                break;
            case StoreChange<Grid>.Updated updated:
                if (updated.Before.Metadata.Generation != updated.After.Metadata.Generation || updated.Before.Metadata.Uid != updated.After.Metadata.Uid) Wake(updated.After);
                Tell(GridClaims.Sharing(updated.Before, context.Grids.Store).Union(GridClaims.Sharing(updated.After, context.Grids.Store)));
                break;
            case StoreChange<Grid>.Removed removed:
                Wake(removed.Last);
                Tell(GridClaims.Sharing(removed.Last, context.Grids.Store));
                break;
            default:
                throw new InvalidOperationException($"Unknown change {change.GetType().Name}.");
        }
    }

    private void Wake(Grid grid) => Find(grid.Metadata.Namespace!, grid.Metadata.Name!)?.Poll.Wake();

    private void Tell(IEnumerable<ObjectKey> keys)
    {
        foreach (var key in keys)
            if (IsNews(key))
                announce(new GridNews(key, [], All: true));
    }

    private void Polled(GridPoll poll, GridObserved before)
    {
        var now = poll.Observed;
        var names = now.ChangedSince(before).ToList();
        var all = IsNews(poll.Key);
        if (all || names.Count > 0 || now.SecretsHeld != before.SecretsHeld || now.ClockAhead is null != before.ClockAhead is null || !Equals(now.Grid, before.Grid)) announce(new GridNews(poll.Key, names, all));
        if (polls.TryGetValue(poll.Key, out var both)) both.Health.Look();
    }

    /// <summary>Whether something changed that concerns everybody who looks at the Grid.</summary>
    private bool IsNews(ObjectKey key)
    {
        lock (telling)
        {
            var view = View(key);
            object now = (view.Exists, view.Holds, view.Trouble, view.Slot, view.GridName, view.MasterVersion, view.Last is null);
            if (told.TryGetValue(key, out var before) && before.Equals(now)) return false;
            told[key] = now;
            return true;
        }
    }

    private GridObserved? Find(ObjectKey key) => polls.TryGetValue(key, out var known) ? known.Poll.Observed : null;

    private (GridPoll Poll, GridHealth Health)? Find(string ns, string gridRef) => polls.TryGetValue(new ObjectKey(ns, gridRef), out var known) ? known : null;

    private (GridPoll Poll, GridHealth Health) PollOf(ObjectKey key)
    {
        if (polls.TryGetValue(key, out var known)) return known;
        lock (gate)
        {
            if (polls.TryGetValue(key, out known)) return known;
            var poll = new GridPoll(key, context, Polled);
            polls[key] = known = (poll, new GridHealth(poll, context));
            loops.Add(known.Poll.RunAsync);
            loops.Add(known.Health.RunAsync);
            return known;
        }
    }
}
