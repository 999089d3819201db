using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Walks;

/// <summary>What must hold of firewalls: machines come with theirs, each owner has one with its rules, and none outlives its owner.</summary>
internal sealed class FirewallWitness(World world)
{
    /// <summary>An agent that comes before its grid's firewall peers with nobody, and strangers may reach a machine without one.</summary>
    public void Made(Machine machine)
    {
        if (world.Api.PeekAll(KontenaKinds.NodePools).FirstOrDefault(p => p.Metadata.Uid == machine.Marks!.PoolUid) is not { } pool || !IsNeeded(pool)) return;
        var have = world.Cloud.Firewalls!.All.Where(f => machine.Firewalls.Contains(f.Id)).ToList();
        if (!have.Exists(f => f.Marks!.OwnerUid == pool.Metadata.Uid)) world.Violate($"{machine.ProviderId} is made without its pool's firewall");
        if (pool.Spec.GridRef is not null && !have.Exists(f => f.Marks!.Owner == FirewallOwner.Grid)) world.Violate($"{machine.ProviderId} is made without its grid's firewall");
    }

    /// <returns>The first thing that is not as declared; null where all is.</returns>
    public string? Missing(IReadOnlyList<NodePool> pools)
    {
        var all = world.Cloud.Firewalls!.All;
        List<(string Uid, string Name, bool Needed, IReadOnlyList<PortRule>? Want, IReadOnlyList<FirewallRef>? Records)> owners =
        [
            .. pools.Select(p => (p.Metadata.Uid!, $"pool {p.Metadata.Name}", IsNeeded(p) && p.Spec.Replicas > 0, (IReadOnlyList<PortRule>?)PortPolicy.OfPool(p.Spec.Network), p.Status?.Firewalls)),
            .. world.Api.PeekAll(KontenaKinds.Grids).Select(g => (g.Metadata.Uid!, $"grid {g.Metadata.Name}", pools.Any(p => p.Spec.Replicas > 0), (IReadOnlyList<PortRule>?)null, g.Status?.Firewalls)),
        ];
        foreach (var owner in owners)
        {
            var own = all.Where(f => f.Marks?.OwnerUid == owner.Uid).ToList();
            // What was never made, or is gone, is written down until a listing proves that no call is on its way: until then all is not done.
            var told = (owner.Records ?? []).Select(r => r.Id ?? r.Name).ToList();
            if (told.Find(id => !own.Exists(f => f.Id == id)) is { } bygone) return $"the status of {owner.Name} tells of firewall {bygone}, which is not there";
            if (!world.Witness.MayHaveLost && own.Find(f => !told.Contains(f.Id)) is { } untold) return $"the status of {owner.Name} does not tell of its firewall {untold.Id}";
            if (own.Count > 1) return $"{owner.Name} has {own.Count} firewalls in one network";
            if (own.Count == 0 && owner.Needed) return $"{owner.Name} has no firewall";
            if (own.Count == 1 && owner.Want is { } want && !PortDiff.Of(own[0].Rules, want).IsEmpty) return $"the rules of {owner.Name} are not those of its spec";
            if (own.Count == 1 && owner.Want is null && !PortPolicy.OfMembers(esp: true, []).All(w => own[0].Rules.Any(r => r.Rule == w))) return $"members of {owner.Name} do not reach each other";
        }
        foreach (var pool in pools.Where(IsNeeded))
            if (pool.Status?.Conditions.FirstOrDefault(c => c.Type == PoolConditions.PortsReady) is not ({ Status: ConditionStatus.True } or { Reason: "NoNodes" }) and var told)
                return $"pool {pool.Metadata.Name} says of its ports {told?.Reason}: {told?.Message}";
        return !world.Witness.MayHaveLost && all.FirstOrDefault(f => owners.TrueForAll(o => o.Uid != f.Marks!.OwnerUid)) is { } leaked ? $"firewall {leaked.Id} ({leaked.Name}) has outlived its owner" : null;
    }

    /// <summary>A pool or Grid tells people to end what uses its firewall, and this machine does.</summary>
    public bool HoldsUp(Machine machine)
    {
        var waiting = world.Api.PeekAll(KontenaKinds.NodePools).Select(p => (p.Metadata.Uid, p.Status?.Conditions)).Concat(world.Api.PeekAll(KontenaKinds.Grids).Select(g => (g.Metadata.Uid, g.Status?.Conditions)))
            .Where(owner => owner.Conditions?.Any(c => c is { Type: PoolConditions.Ready, Reason: "FirewallInUse" }) == true).Select(owner => owner.Uid).ToHashSet();
        return world.Cloud.Firewalls!.All.Any(f => machine.Firewalls.Contains(f.Id) && waiting.Contains(f.Marks!.OwnerUid));
    }

    private static bool IsNeeded(NodePool pool) => pool.Spec.GridRef is not null || pool.Spec.Network is { Ports.Count: > 0 };
}
