using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Pools.Restore;

/// <summary>
/// A pool after a restore. It stands still while copies of its nodes are there, or while it has no node and machines live that lost theirs:
/// making nodes then would be making every machine twice. A human decides by annotation.
/// <code>
/// annotation              plan
/// ──────────────────────  ─────────────────────────────────────────────────────────────────────
/// none                    nothing, held
/// a former pool's UID     a node for each of its machines; forget the copies; drop the annotation
/// none-(own UID)          forget copies that nothing living belongs to; go on without the others
/// </code>
/// </summary>
internal static class AdoptionPlan
{
    /// <returns>Null where the pool is planned as ever.</returns>
    public static PoolPlan? Of(PoolSeen pool) => AdoptionConsent.Of(pool) switch
    {
        AdoptionConsent.Declined => null,
        AdoptionConsent.Adopt adopt => TakeOver(pool, adopt.PoolUid) ?? Hold(pool, $" The annotation {Api.ApiGroup.AdoptAnnotation} names {adopt.PoolUid}, of which nothing is here."),
        AdoptionConsent.Open => Hold(pool, ""),
        _ => throw new ArgumentOutOfRangeException(nameof(pool), pool.Adopt, "unknown consent"),
    };

    /// <summary>What is to be done besides the ordinary plan where a human declined.</summary>
    public static IEnumerable<PoolAction.ForgetCopy> Declined(PoolSeen pool) =>
        AdoptionConsent.Of(pool) is AdoptionConsent.Declined && pool.Provider is ProviderSeen.Answers ? Void(pool, pool.Copies).Select(Forget) : [];

    /// <summary>A pool that is deleted would leave its copies without anybody to decide about them.</summary>
    public static Freeze? HoldsDeletion(PoolSeen pool) =>
        pool.Copies.Count == 0 || AdoptionConsent.Of(pool) is AdoptionConsent.Declined ? null : RestoreWords.Deleting(pool);

    private static PoolPlan? Hold(PoolSeen pool, string note)
    {
        if (pool.Copies.Count > 0) return Stand(RestoreWords.Copies(pool), note);
        if (pool.Nodes.Count == 0 && pool.Homeless.Any() && pool.Spec.Replicas != 0) return Stand(RestoreWords.Homeless(pool), note);
        // Before the present count is written down: it is not the true one.
        return pool.Spec.Replicas is null && pool.UnknownMachines.Any() ? Stand(RestoreWords.Unknown(pool), note) : null;
    }

    private static PoolPlan Stand(Freeze freeze, string note) => new([], freeze with { Message = freeze.Message + note }, NeedsHuman: true);

    /// <returns>Null where there is nothing of that pool, and never was.</returns>
    private static PoolPlan? TakeOver(PoolSeen pool, string formerUid)
    {
        switch (pool.Provider)
        {
            case ProviderSeen.NotYet:
                return new PoolPlan([], new Freeze("Observing", "Waiting for the first listing of the provider's machines."));
            case ProviderSeen.Fails fails:
                return new PoolPlan([], new Freeze(fails.Reason, fails.Message), RetryRule.NeedsHuman(fails.Fault));
        }
        var copies = pool.Copies.Where(c => c.Spec.PoolUID == formerUid).ToList();
        var adopting = pool.Nodes.Where(n => n.Adopts?.PoolUID == formerUid).ToList();
        var adoptions = Adoptions(pool, formerUid).ToList();
        List<PoolAction> actions = [.. adoptions, .. Void(pool, copies).Select(Forget), .. Failed(adopting, copies)];
        var pending = adopting.Count(n => n is { HasMachine: false, AdoptionFailed: false });
        if (actions.Count == 0 && pending == 0 && copies.Count == 0)
            return adopting.Count > 0 || Hold(pool, "") is null ? new PoolPlan([new PoolAction.EndAdoption(formerUid)], Progress(formerUid, adopting.Count(n => n.HasMachine), 0)) : null;
        return new PoolPlan(actions, Progress(formerUid, adopting.Count(n => n.HasMachine), pending + adoptions.Count));
    }

    private static IEnumerable<PoolAction.AdoptMachine> Adoptions(PoolSeen pool, string formerUid) =>
        AdoptionCandidate.Of(pool, formerUid).Where(c => pool.Nodes.All(n => n.Adopts?.ProviderID != c.Machine.ProviderID))
            .Zip(pool.FreeOrdinals)
            .Take(PoolPlanner.CeilingPerRound)
            .Select(pair => new PoolAction.AdoptMachine(
                $"{pool.Name}-{pair.Second}", pair.Second, pair.First.Machine, pair.First.Copy?.Spec, ZoneOf(pool, pair.First.Zone),
                $"{pool.Name}-{pair.Second} takes over the machine {pair.First.Machine.ProviderID}."));

    /// <summary>In the settings' words where one of them ends the provider's: eu-west-1a is "a". Only the spread of later nodes hangs on it.</summary>
    private static string ZoneOf(PoolSeen pool, string zone) =>
        pool.Spec.Provider.Settings.PlacementZones.FirstOrDefault(z => z.Length > 0 && zone.EndsWith(z, StringComparison.Ordinal)) ?? zone;

    /// <summary>Copies that no machine hangs on any more: forgetting them loses nothing.</summary>
    private static IEnumerable<CopyView> Void(PoolSeen pool, IEnumerable<CopyView> copies) => copies
        .Where(c => c.MachineHeld || c.AdoptionFailed || c.MachineEnded || (c is { Spec.ProviderID: null, BeingAdopted: false } && !pool.Strays.Any(s => s.Marks!.NameTheSameLaunch(c.FormerMarks))))
        .OrderBy(c => c.Name, StringComparer.Ordinal)
        .Take(PoolPlanner.CeilingPerRound);

    /// <summary>They never had a machine. Only once nothing would plan them anew.</summary>
    private static IEnumerable<PoolAction.RemoveNode> Failed(IEnumerable<NodeView> adopting, List<CopyView> copies) => adopting
        .Where(n => n is { AdoptionFailed: true, Deleting: false } && copies.TrueForAll(c => c.Spec.ProviderID != n.Adopts!.ProviderID))
        .OrderBy(n => n.Name, StringComparer.Ordinal)
        .Select(n => new PoolAction.RemoveNode(n.Name, n.Uid, NodeReasons.AdoptionFailed, $"Removing {n.Name}: {n.Message}"));

    private static PoolAction.ForgetCopy Forget(CopyView copy) => new(copy.Name, copy.Uid);

    private static Freeze Progress(string formerUid, int done, int left) =>
        new("Adopting", $"Taking over what the pool of UID {formerUid} had: {done} machines are taken over, {left} are left. Nothing else is done meanwhile.");
}
