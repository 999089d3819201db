using System.Text.Json.Nodes;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Walks;

/// <summary>What is true of the grid as no operator knows it, and what must hold at each change there.</summary>
internal sealed class GridWitness(World world)
{
    /// <summary>What has been so for this long every operator knows, or it knows that it does not.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromMinutes(2);

    private readonly HashSet<string> letGo = [];
    private string? holder;

    /// <summary>A human gave the entry of this node up, by whichever annotation.</summary>
    public void LetsGo(string uid) => letGo.Add(uid);

    public bool WasLetGo(string uid) => letGo.Contains(uid);

    public void Registered(Realm.Entry entry)
    {
        world.Statistics.Entries++;
        world.Story?.Add($"      {entry.Name} is registered with number {entry.Number}");
        if (entry.MadeFor is not { } uid)
        {
            world.Violate($"{entry.Name} is registered without a mark");
            return;
        }
        if (world.Realm.Ours.Count(e => e.MadeFor == uid) > 1) world.Violate($"two nodes at the Master are marked with {uid}: {entry.Name} is the second");
        if (world.Witness.Node(uid) is null && !letGo.Contains(uid)) world.Violate($"{entry.Name} is registered for a node that is gone");
    }

    public void Removes(Realm.Entry entry)
    {
        world.Story?.Add($"      {entry.Name}, number {entry.Number}, is removed");
        Touches(entry, "removes");
        if (entry.IsConnected && entry.MadeFor is { } uid && world.Witness.Node(uid) is { Deleting: false } && !IsExcused(entry)) world.Violate($"the operator removes {entry.Name}, which is online and whose node nobody deleted");
    }

    public void Touches(Realm.Entry entry, string does)
    {
        if (entry.IsForeign) world.Violate($"the operator {does} {entry.Name}, which is somebody else's");
    }

    /// <summary>An operator sets out to end this node's machine.</summary>
    public void Ends(Machine machine, string uid)
    {
        if (letGo.Contains(uid) || world.Realm.Ours.FirstOrDefault(e => e.NodeId == machine.ProviderId && e.MadeFor == uid && (e.Owner ?? uid) == uid) is not { IsConnected: true } entry) return;
        var others = world.Realm.Entries.Where(e => e != entry && e.NodeId is not null && !IsGoing(e)).ToList();
        if (others.Exists(e => e is { IsConnected: true, DrainedAt: null } && IsKnown(e)))
        {
            if (entry.DrainedAt is null) world.Violate($"the operator ends {machine.ProviderId} of {entry.Name}, and never drained it");
            else if (world.Realm.ContainersOf(entry) > 0 && MayStillDrain(uid)) world.Violate($"the operator ends {machine.ProviderId} while services could still move off {entry.Name}");
        }
        if (entry.Number > world.Realm.InitialSize || !others.Exists(IsKnown)) return;
        var joined = world.Realm.Entries.Count(e => e.Number <= world.Realm.InitialSize && e.NodeId is not null && (IsKnown(e) || e == entry));
        if (joined >= QuorumRule.Majority(world.Realm.InitialSize) && IsKnown(entry) && holder != uid)
            world.Violate($"the operator ends {machine.ProviderId} of the initial member {entry.Name} while the slot is {(holder is null ? "free" : $"that of {holder}")}");
    }

    public void OnGrid(JsonObject? before, JsonObject? after)
    {
        var (was, now) = (HolderOf(before), HolderOf(after));
        holder = now;
        if (was is not null && now is not null && was != now) world.Violate($"the slot goes from {was} to {now} and was never given back");
        if (was is null && now is not null && world.Witness.Node(now) is not { Deleting: true }) world.Violate($"{now} takes the slot and is not being deleted");
    }

    /// <summary>The node of it is being deleted.</summary>
    private bool IsGoing(Realm.Entry entry) => entry.MadeFor is { } uid && world.Witness.Node(uid) is null or { Deleting: true };

    /// <summary>Its machine came against all promises: the operator was right to believe that none would.</summary>
    private bool IsExcused(Realm.Entry entry) => world.Cloud.Machines.FirstOrDefault(m => m.ProviderId == entry.NodeId) is { } machine && world.Witness.IsExcused(machine);

    private bool IsKnown(Realm.Entry entry) => entry.ConnectedAt + Known <= world.Time.GetUtcNow();

    private bool MayStillDrain(string uid) =>
        world.Api.PeekAll(KontenaKinds.KontenaNodes).FirstOrDefault(n => n.Metadata.Uid == uid)?.Metadata.DeletionTimestamp is { } at && world.Time.GetUtcNow() < at + RemovalSpec.UsualDrainTimeout;

    private static string? HolderOf(JsonObject? grid) => grid?["status"]?["replacing"]?["nodeUID"]?.GetValue<string>();
}
