using System.Collections.Frozen;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Identity;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Identities;

/// <summary>
/// Looks at the ids of all nodes of all grids at once: see, conclude, publish. It writes nothing: nodes and pools whose standing changed are woken,
/// and tell it in their own statuses. There is one key, so that there are never two looks at a time.
/// </summary>
/// <param name="wake">Called with the UIDs of nodes, and of pools, whose standing changed.</param>
internal sealed class IdentitiesReconciler(IdentityContext context, Action<IReadOnlyCollection<string>, IReadOnlyCollection<string>> wake) : IReconciler
{
    /// <summary>The one key.</summary>
    public static readonly ObjectKey Key = new("", "all");

    /// <summary>Changes come in swarms, and a look costs as much for one as for a thousand.</summary>
    public static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500);

    /// <summary>How soon it is looked again while time alone may bring something: a deadline, the end of a storm, the next one's turn.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    private IdMemory memory = IdMemory.Empty;
    private RemedyMemory remedies = RemedyMemory.Empty;

    public string Name => "identities";

    public Task<Next> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        var now = context.Time.GetUtcNow();
        var claims = new IdentityClaims(context).Gather();
        var found = IdConflicts.Of(claims, memory, now);
        var nodes = IdentityRemedies.Nodes(context);
        var pools = IdentityRemedies.Pools(context, nodes);
        var plan = Remedy.Of(found.Conflicts, nodes, pools, remedies, now);
        (memory, remedies) = (found.Memory, plan.Memory);
        Publish(claims, found, plan, pools);
        IdentityMetrics.Seen(found.Conflicts);
        var waits = found.Conflicts.Count > 0 || claims.Any(c => c is { Claimant.IsOurs: true, Joined: false, Leaving: false });
        return Task.FromResult<Next>(waits ? new Next.After(Again) : new Next.AwaitChange());
    }

    private void Publish(IReadOnlyList<NodeClaim> claims, IdFindings found, RemedyPlan plan, IReadOnlyDictionary<string, RemedyPool> pools)
    {
        var before = context.Book.Page;
        // What was told stands while a node's Master has not spoken since the start, or its machine was not seen, and of a node that goes.
        // And while machines are on their way, of everybody: who was first is told of the others, and a pool of all its nodes.
        var isEarly = claims.Any(c => c.IsOnTheWay);
        var standings = claims.Where(c => c is { Claimant.IsOurs: true, Leaving: false } && ((c.IsJudged && !isEarly) || found.Of(c.Claimant.Key) is not null)).ToDictionary(c => c.Claimant.Key, c => IdStanding.OfNode(c, found, plan, pools), StringComparer.Ordinal);
        var nodes = claims.Where(c => c.Claimant.PoolUid is not null).ToLookup(c => c.Claimant.PoolUid!, StringComparer.Ordinal);
        var ofPools = pools.Keys.Where(uid => !isEarly && nodes[uid].Any(c => c.Observed) && nodes[uid].All(c => c.Leaving || c.IsJudged))
            .ToDictionary(uid => uid, uid => IdStanding.OfPool(uid, nodes[uid].Any(c => c.AtMaster is not null), found, plan), StringComparer.Ordinal);
        var page = new IdentityPage(standings.ToFrozenDictionary(StringComparer.Ordinal), ofPools.ToFrozenDictionary(StringComparer.Ordinal), plan.Replace);
        context.Book.Publish(page);
        Log(before, page, found);
        var replaced = new[] { before.Replace, page.Replace }.Where(uid => uid is not null && before.Replace != page.Replace).ToHashSet();
        var poolsOfReplaced = claims.Where(c => replaced.Contains(c.Claimant.Key)).Select(c => c.Claimant.PoolUid!);
        wake([.. Changed(before.Nodes, page.Nodes)], [.. Changed(before.Pools, page.Pools).Concat(poolsOfReplaced).Distinct(StringComparer.Ordinal)]);
    }

    private void Log(IdentityPage before, IdentityPage now, IdFindings found)
    {
        foreach (var verdict in found.Conflicts.SelectMany(c => c.Newcomers))
            if (before.Nodes.GetValueOrDefault(verdict.Newcomer.Key)?.Reason != verdict.Reason)
                context.Log.LogWarning("{Reason}: {Message}", verdict.Reason, verdict.Message);
        if (now.Replace is { } uid && uid != before.Replace) context.Log.LogInformation("{Node} is the one that is replaced now, as its id is another's", found.Of(uid)?.Newcomer.Text);
    }

    private static IEnumerable<string> Changed(FrozenDictionary<string, IdStanding> before, FrozenDictionary<string, IdStanding> now) =>
        now.Where(n => n.Value != before.GetValueOrDefault(n.Key)).Select(n => n.Key);
}
