using Kontena.Kubernetes.Client;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Orphans;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Inventories;
using Kontena.Operator.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Orphans;

/// <summary>
/// Looks over all accounts in use for machines with our marks that no node stands for: see, plan, do, tell. It lives on the shared listings:
/// while nothing is suspect it costs no call at all, otherwise one uncached list of nodes a sweep.
/// </summary>
internal sealed class OrphanSweeps
{
    private readonly Dictionary<AccountKey, SweptAccount> accounts = [];
    private readonly OrphanContext context;
    private readonly OrphanNews news;
    private readonly OrphanActions actions;
    private readonly TombstoneKeeping keeping;
    private readonly WakeablePause pauses;
    private bool troubled;

    public OrphanSweeps(OrphanContext context)
    {
        this.context = context;
        news = new OrphanNews(context);
        actions = new OrphanActions(context, news);
        keeping = new TombstoneKeeping(context);
        pauses = new WakeablePause(context.Time);
    }

    /// <summary>A tombstone appeared, or a listing shows something new of a node that has one.</summary>
    public void Wake() => pauses.Wake();

    public void Wake(InventoryNews listed)
    {
        if (listed.NodeUids.Any(context.Tombstones.Contains)) Wake();
    }

    /// <summary>Sweeps until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true) await pauses.WaitAsync(await SweepAsync(ct), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopped by its owner.
        }
    }

    /// <returns>How long to wait before the next one.</returns>
    internal async Task<TimeSpan> SweepAsync(CancellationToken ct)
    {
        if (context.Installation.Frozen is not null) return context.Pace.Sweep;
        if (context.Leadership.TakenOver is null || !context.Leadership.MayWrite(context.LongestCall)) return context.Pace.Settled;
        if (!context.Pools.HasSynced || !context.Nodes.HasSynced || !context.Tombstones.HasSynced) return context.Pace.Settled;

        var stones = context.Tombstones.All;
        var looks = See(stones);
        if (looks.Count > 0)
        {
            if (await ReadNodesAsync(ct) is not var (nodes, readAt)) return context.Pace.Settled;
            List<NodeOnRecord> records = [.. nodes.Select(OnRecord)];
            foreach (var (account, listing) in looks) await JudgeAsync(account, new Sighting(listing, records, readAt), stones, nodes, ct);
        }
        await keeping.ClearAsync(stones, ct);
        if (accounts.Values.Any(a => a.AwaitsListing)) return context.Pace.Quick;
        return stones.Any(s => s.Stone.Removes(context.Time.GetUtcNow())) ? context.Pace.Settled : context.Pace.Sweep;
    }

    /// <summary>See: the accounts whose newest complete listing shows suspects and was not looked at yet.</summary>
    private List<(SweptAccount Account, MachineListing Listing)> See(IReadOnlyList<StoredTombstone> stones)
    {
        List<(SweptAccount, MachineListing)> looks = [];
        foreach (var account in AccountsInUse(stones))
        {
            // Provider first: a listing that fails between the two reads is caught by the next sweep.
            if (context.Inventories.Provider(account.Namespace, account.Settings) is not ProviderSeen.Answers
                || context.Inventories.Last(account.Namespace, account.Settings) is not { Listing: var listing })
            {
                account.Forget();
            }
            else if (!Suspects(listing).Any())
            {
                account.Forget();
                Tell(account, []);
            }
            else if (account.IsNews(listing))
            {
                looks.Add((account, listing));
            }
        }
        return looks;
    }

    private Dictionary<AccountKey, SweptAccount>.ValueCollection AccountsInUse(IReadOnlyList<StoredTombstone> stones)
    {
        var now = context.Time.GetUtcNow();
        IEnumerable<(string Namespace, ProviderSettings Settings)> uses =
        [
            .. context.Pools.Store.All.Select(p => (p.Metadata.Namespace!, p.Spec.Provider.Settings)),
            .. context.Nodes.Store.All.Select(n => (n.Metadata.Namespace!, n.Spec.Provider.Settings)),
            .. stones.Where(s => s.Stone.Installation == context.Installation.Id && s.Stone.Removes(now)).Select(s => (s.Stone.Namespace, s.Stone.Provider.Settings)),
        ];
        var inUse = uses.DistinctBy(u => AccountKey.Of(u.Namespace, u.Settings)).ToDictionary(u => AccountKey.Of(u.Namespace, u.Settings));
        foreach (var gone in accounts.Keys.Where(key => !inUse.ContainsKey(key)).ToList()) accounts.Remove(gone);
        foreach (var (key, use) in inUse) accounts.TryAdd(key, new SweptAccount(key, use.Namespace, use.Settings));
        return accounts.Values;
    }

    /// <summary>By the cache, which may lag: it only chooses what is worth a real look.</summary>
    private IEnumerable<Machine> Suspects(MachineListing listing) =>
        listing.Machines.Where(m => m.Marks is { } marks && marks.Installation == context.Installation.Id
            && m.State is not (MachineState.Terminating or MachineState.Terminated)
            && context.Nodes.Store.ByIndex(NodeIndexes.Machine, m.ProviderId).Count == 0
            && !context.Nodes.Store.ByIndex(NodeIndexes.Uid, marks.NodeUid).Any(n => n.Spec.ProviderID == m.ProviderId || (n.Spec.ProviderID is null && marks.Attempt <= n.Spec.Attempt?.Number)));

    private async Task<(IReadOnlyList<KontenaNode> Nodes, DateTimeOffset ReadAt)?> ReadNodesAsync(CancellationToken ct)
    {
        var readAt = context.Time.GetUtcNow();
        try
        {
            var nodes = await context.Api.ListAllAsync(KontenaKinds.KontenaNodes, new ListQuery(context.Namespace), ct);
            troubled = false;
            return (nodes.Items, readAt);
        }
        catch (KubeFault fault)
        {
            foreach (var account in accounts.Values) account.Forget();
            context.Log.Log(troubled ? LogLevel.Debug : LogLevel.Warning, "The nodes could not be listed ({Reason}): {Message}; no orphan is judged meanwhile", fault.Reason, fault.Message);
            troubled = true;
            return null;
        }
    }

    private async Task JudgeAsync(SweptAccount account, Sighting sighting, IReadOnlyList<StoredTombstone> stones, IReadOnlyList<KontenaNode> nodes, CancellationToken ct)
    {
        var verdicts = OrphanSweep.Plan(new SweepSeen
        {
            Installation = context.Installation.Id,
            Frozen = context.Installation.Frozen,
            Earlier = account.Earlier,
            Later = sighting,
            Tombstones = [.. stones.Select(s => s.Stone)],
            FirstSeen = account.FirstSeen,
            Now = context.Time.GetUtcNow(),
        });
        var isFirst = account.Earlier is null;
        account.Keep(sighting, Suspects(sighting.Listing));
        if (!isFirst) Tell(account, verdicts);
        foreach (var verdict in verdicts) await actions.DoAsync(account, verdict, stones, nodes, ct);
        account.AwaitsListing = isFirst
            ? Suspects(sighting.Listing).Any(m => IsAwaited(m, stones))
            : verdicts.Any(v => v is OrphanVerdict.Condemn || (v.Reason is "SeenOnce" or "OverBudget" && IsAwaited(v.Machine, stones)));
        if (account.AwaitsListing) context.Inventories.Expect(account.Namespace, account.Settings);
    }

    private void Tell(SweptAccount account, IReadOnlyList<OrphanVerdict> verdicts)
    {
        account.Judged = [.. verdicts.Where(v => v is not OrphanVerdict.Ignore)];
        news.Tell(account.Key, account.Judged);
        var provider = account.Key.Provider;
        OrphanMetrics.Seen(provider, [.. accounts.Values.Where(a => a.Key.Provider == provider).SelectMany(a => a.Judged)]);
    }

    private bool IsAwaited(Machine machine, IReadOnlyList<StoredTombstone> stones) =>
        stones.Any(s => s.Stone.NodeUid == machine.Marks!.NodeUid && s.Stone.Removes(context.Time.GetUtcNow()));

    private static NodeOnRecord OnRecord(KontenaNode node) =>
        new(node.Metadata.Uid!, node.Spec.ProviderID, node.Spec.Attempt?.Number ?? 0, node.Spec.Attempt?.Token, node.Spec.Adopts?.ProviderID);
}
