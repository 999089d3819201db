using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Pools.Restore;

/// <summary>A machine that can be taken over.</summary>
/// <param name="Copy">The copied node that tells what it was made from; null where only the machine is left.</param>
/// <param name="Zone">In the provider's words; empty where not known.</param>
internal sealed record AdoptionCandidate(AdoptedMachine Machine, CopyView? Copy, string Zone)
{
    /// <summary>
    /// What is left of the pool of that UID and no node has or is taking over: by this installation's listing, and by copies, which also name
    /// another installation's machines. Each machine once, in a fixed order.
    /// </summary>
    public static IReadOnlyList<AdoptionCandidate> Of(PoolSeen pool, string formerUid)
    {
        var copies = pool.Copies.Where(c => c.Spec.PoolUID == formerUid).OrderBy(c => c.Spec.Ordinal).ThenBy(c => c.Uid, StringComparer.Ordinal).ToList();
        var listed = pool.Strays.Where(s => s.Marks!.PoolUid == formerUid)
            .Select(s => Of(s, copies.Find(c => c.Spec.ProviderID == s.ProviderId || (c.Spec.ProviderID is null && s.Marks!.NameTheSameLaunch(c.FormerMarks)))));
        var copied = copies.Where(c => c is { Spec.ProviderID: not null, MachineHeld: false, BeingAdopted: false, AdoptionFailed: false, MachineEnded: false }).Select(Of);
        return
        [
            .. listed.Concat(copied).DistinctBy(c => c.Machine.ProviderID, StringComparer.Ordinal)
                .OrderBy(c => c.Copy?.Spec.Ordinal ?? int.MaxValue).ThenBy(c => c.Machine.ProviderID, StringComparer.Ordinal),
        ];
    }

    private static AdoptionCandidate Of(Machine machine, CopyView? copy) => new(Of(machine.ProviderId, machine.Marks!), copy, machine.Zone);

    private static AdoptionCandidate Of(CopyView copy) => new(Of(copy.Spec.ProviderID!, copy.FormerMarks), copy, "");

    private static AdoptedMachine Of(string providerId, MachineMarks marks) => new() { ProviderID = providerId, PoolUID = marks.PoolUid, NodeUID = marks.NodeUid, Attempt = marks.Attempt };
}
