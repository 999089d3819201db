using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Walks;

/// <summary>The end of a walk: everything is mended, the users do what the conditions ask of them and nothing else, and the world comes to rest as declared.</summary>
/// <param name="grid">Null: there is none.</param>
internal sealed class Healing(World world, Acts acts, GridHealing? grid)
{
    /// <summary>The longest pauses are 5 minutes; a few of them in a row, and the absences to be proven between, stay below this.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(60);

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);

    public void Run()
    {
        world.Story?.Add($"{world.Clock} all is mended, acts stop");
        Mend();
        var end = world.Time.GetUtcNow() + Bound;
        var missing = "";
        do
        {
            world.Advance(TimeSpan.FromSeconds(30), 1);
            Obey();
            missing = Missing();
        }
        while (world.Violation is null && missing is not null && world.Time.GetUtcNow() < end);
        foreach (var violation in world.Cloud.Violations) world.Violate(violation);
        if (missing is not null) world.Violate($"not at rest {Bound.TotalMinutes} minutes after everything was mended: {missing}");
        if (world.Violation is null) StaysQuiet();
    }

    private void Mend()
    {
        world.ClearTrouble();
        world.Cloud.Exhausted.Clear();
        world.Cloud.Quota = null;
        world.Cloud.HiddenFor = TimeSpan.Zero;
        world.Wire.BreaksPromises = false;
        foreach (var stopped in world.Cloud.Living.Where(m => m.State is MachineState.Stopped)) world.Cloud.Change(stopped.ProviderId, MachineState.Pending);
        foreach (var copy in world.Copies) world.Cloud.Change(copy, MachineState.Terminated);
        foreach (var secret in Enumerable.Range(0, Acts.Secrets.Count)) acts.WriteCredentials(secret, Keys.Good);
        grid?.Mend();
        foreach (var pool in acts.Pools)
        {
            var impossible = pool.Spec.Provider.Aws!.InstanceTypes.Contains(WalkedCloud.ImpossibleType);
            if (pool.Spec.Paused || impossible) acts.Edit(pool, spec => Acts.WithAws(spec with { Paused = false }, aws => impossible ? aws with { InstanceTypes = ["t3.small"] } : aws));
        }
    }

    /// <summary>What the conditions tell people to do.</summary>
    private void Obey()
    {
        foreach (var pool in acts.Pools.Where(p => p.Status?.Conditions.FirstOrDefault(c => c.Type == PoolConditions.Stalled)?.Reason == "ManyMachinesMissing"))
        {
            foreach (var node in acts.Nodes.Where(n => n.Spec.PoolUID == pool.Metadata.Uid && !n.Metadata.IsBeingDeleted && ReadyOf(n)?.Reason == NodeReasons.MachineMissing))
            {
                var what = acts.DeleteNode(node);
                world.Story?.Add($"{world.Clock} the user {what}, as told by ManyMachinesMissing");
            }
        }
        // Machines that a human let go have their firewalls still; the condition says so.
        foreach (var left in world.Cloud.Living.Where(m => m.Marks is { } marks && world.Witness.IsGivenUp(marks.NodeUid) && m.Firewalls.Count > 0).ToList())
        {
            world.Cloud.Change(left.ProviderId, MachineState.Terminated);
            world.Story?.Add($"{world.Clock} the user ends {left.ProviderId}, which was given up");
        }
        foreach (var left in world.Cloud.Living.Where(m => world.IsOurs(m) && world.Witness.IsExcused(m) && new FirewallWitness(world).HoldsUp(m)).ToList())
        {
            world.Cloud.Change(left.ProviderId, MachineState.Terminated);
            world.Story?.Add($"{world.Clock} the user ends {left.ProviderId}, as told by FirewallInUse");
        }
        grid?.Obey();
        foreach (var secret in Enumerable.Range(0, Acts.Secrets.Count).Where(s => world.Api.Peek(CoreKinds.Secret, new(World.Namespace, Acts.Secrets[s])) is null)) acts.WriteCredentials(secret, Keys.Good);
        foreach (var orphan in world.Cloud.Living.Where(m => world.IsOurs(m) && world.Witness.IsExcused(m) && world.Reported.Contains(m.ProviderId)).ToList())
        {
            world.Cloud.Change(orphan.ProviderId, MachineState.Terminated);
            world.Story?.Add($"{world.Clock} the user ends {orphan.ProviderId}, which was reported");
        }
    }

    /// <returns>The first thing that is not as declared; null where all is.</returns>
    private string? Missing()
    {
        if (world.Wire.OnTheWay > 0) return "a request is on its way";
        var (pools, nodes, living) = (acts.Pools, acts.Nodes, world.Cloud.Living.Where(world.IsOurs).ToList());
        foreach (var pool in pools)
        {
            var name = pool.Metadata.Name;
            var own = nodes.Where(n => n.Spec.PoolUID == pool.Metadata.Uid).ToList();
            var ready = pool.Status?.Conditions.FirstOrDefault(c => c.Type == PoolConditions.Ready);
            if (pool.Metadata.IsBeingDeleted) return $"pool {name} is still being deleted: {ready?.Reason}: {ready?.Message}";
            if (pool.Spec.Replicas is not { } replicas) return $"pool {name} has no replicas written";
            if (own.Count != replicas) return $"pool {name} has {own.Count} nodes of {replicas}: {ready?.Reason}: {ready?.Message}";
            if (ready is not { Status: ConditionStatus.True } || pool.Status!.ObservedGeneration != pool.Metadata.Generation) return $"pool {name} is not ready: {ready?.Reason}: {ready?.Message}";
            if (pool.Status.Conditions.Any(c => c.Type is PoolConditions.Stalled or PoolConditions.Reconciling)) return $"pool {name} is ready, and stalled or reconciling too";
        }
        foreach (var node in nodes)
        {
            if (pools.All(p => p.Metadata.Uid != node.Spec.PoolUID)) return $"node {node.Metadata.Name} is left of a pool that is gone";
            if (world.Witness.MachinesOf(node.Metadata.Uid!) is not [{ State: MachineState.Running } machine]) return $"node {node.Metadata.Name} has not exactly one running machine";
            if (machine.ProviderId != node.Spec.ProviderID) return $"node {node.Metadata.Name} does not know its machine {machine.ProviderId}";
        }
        if (living.Find(m => world.Witness.IsExcused(m) && world.Witness.IsCovered(m)) is { } covered) return $"machine {covered.ProviderId} lives, and a tombstone says that it is to go";
        // Only accounts that a pool uses are looked at.
        if (pools.Count > 0 && world.Cloud.Living.FirstOrDefault(m => m.Marks is { } marks && (world.Witness.IsGivenUp(marks.NodeUid) || (world.IsOurs(m) && world.Witness.IsExcused(m))) && !world.Reported.Contains(m.ProviderId)) is { } untold) return $"machine {untold.ProviderId} is nobody's, and nobody was told";
        if (living.Find(m => !world.Witness.IsExcused(m) && nodes.All(n => n.Metadata.Uid != m.Marks!.NodeUid)) is { } leaked) return $"machine {leaked.ProviderId} lives without a node";
        return MissingHolds(pools, nodes) ?? MissingSecrets(nodes) ?? new FirewallWitness(world).Missing(pools) ?? grid?.Missing();
    }

    /// <summary>What holds a Secret must be remembered, or nobody ever lets it go.</summary>
    private string? MissingHolds(List<NodePool> pools, List<KontenaNode> nodes)
    {
        foreach (var secret in world.Api.PeekAll(CoreKinds.Secret).Where(s => Acts.Secrets.Contains(s.Metadata.Name!)))
        {
            var held = secret.Metadata.Finalizers?.Contains(ApiGroup.InUseFinalizer) == true;
            if (held && !pools.Exists(p => HeldSecrets.Of(p).Contains(secret.Metadata.Name))) return $"Secret {secret.Metadata.Name} is held, and no pool remembers it";
            if (!held && secret.Metadata.Finalizers?.Contains(ApiGroup.GridInUseFinalizer) != true && nodes.Find(n => n.Spec.Provider.Settings.CredentialsSecret == secret.Metadata.Name) is { } node) return $"Secret {secret.Metadata.Name} is not held, and {node.Metadata.Name} needs it";
            // A Grid needs it to remove its firewalls at the end.
            var needed = world.Api.PeekAll(KontenaKinds.Grids).Any(g => g.Status?.Firewalls?.Any(f => f.CredentialsSecret == secret.Metadata.Name) == true);
            if (secret.Metadata.IsBeingDeleted && !needed && pools.TrueForAll(p => p.Spec.Provider.Settings.CredentialsSecret != secret.Metadata.Name) && nodes.TrueForAll(n => n.Spec.Provider.Settings.CredentialsSecret != secret.Metadata.Name)) return $"Secret {secret.Metadata.Name} cannot be deleted";
        }
        return null;
    }

    private string? MissingSecrets(List<KontenaNode> nodes)
    {
        // That of a dead attempt may outlive it where the operator dies in between, but not its node.
        var leftOver = world.Api.PeekAll(CoreKinds.Secret).FirstOrDefault(s => s.Type == "kontena.io/bootstrap" && nodes.All(n => n.Metadata.Uid != s.Metadata.OwnerReferences![0].Uid));
        if (leftOver is not null) return $"bootstrap Secret {leftOver.Metadata.Name} is left over";
        return nodes.Find(n => world.Api.Peek(CoreKinds.Secret, new(World.Namespace, n.Spec.Attempt!.BootstrapRef)) is null) is { } bare ? $"node {bare.Metadata.Name} lost its bootstrap Secret" : null;
    }

    private void StaysQuiet()
    {
        world.Api.ClearCalls();
        var deletes = world.Cloud.Deleted.Count;
        var made = world.Statistics.Machines;
        var changed = world.Cloud.Firewalls!.Writes.Count;
        world.Advance(Quiet, 1);
        if (world.Api.Writes.FirstOrDefault() is { } write) world.Violate($"a settled world is written to: {write} {write.Body}");
        if (world.Cloud.Deleted.Count != deletes || world.Statistics.Machines != made) world.Violate("in a settled world machines are made or ended");
        if (world.Cloud.Firewalls!.Writes.Skip(changed).FirstOrDefault() is { } call) world.Violate($"in a settled world a firewall is written to: {call}");
        if (world.Violation is null && Missing() is { } missing) world.Violate($"at rest, and not any more: {missing}");
    }

    private static Condition? ReadyOf(KontenaNode node) => node.Status?.Conditions.FirstOrDefault(c => c.Type == NodeConditions.Ready);
}
