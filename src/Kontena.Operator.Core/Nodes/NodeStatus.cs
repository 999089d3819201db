using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>The status of a node as a function of what is seen and what the lifecycle decided.</summary>
public static class NodeStatus
{
    /// <summary>How many decisions the journal keeps.</summary>
    public const int JournalLength = 10;

    private const string Unseen = "Observing";

    /// <param name="step">The step at which the lifecycle came to rest.</param>
    /// <param name="generation">Of the node object.</param>
    public static KontenaNodeStatus Compose(NodeSeen seen, NodeStep step, long generation, KontenaNodeStatus? before)
    {
        var machine = KnownMachine(seen);
        var entry = seen.Grid is { Entry: { } shown } grid && grid.IsOurs(shown) ? shown : null;
        var set = new ConditionSet(before?.Conditions ?? [], generation, seen.Now);
        var ready = step is NodeStep.Wait { Ready: true } && !seen.Deleting;
        var observed = machine is not null || seen.Spec.ProviderID is null;
        // After a start a condition stays as it was until it has been observed again.
        var keeps = step.Reason == "Observing" ? before?.Conditions.FirstOrDefault(c => c.Type == NodeConditions.Ready) : null;
        if (keeps is not null) return before!;
        var status = ready ? ConditionStatus.True : observed ? ConditionStatus.False : ConditionStatus.Unknown;
        set.Set(NodeConditions.Ready, status, step.Reason, step.Message);
        SetMachine(seen, step, status, set);
        SetAgent(seen, step, ready, before?.Conditions.FirstOrDefault(c => c.Type == NodeConditions.AgentConnected), set);
        SetWaysIn(seen, before?.Conditions ?? [], set);
        if (seen is { Grid: not null, Identity: { } identity }) set.Set(NodeConditions.IDUnique, identity.Status, identity.Reason, identity.Message);
        var stalled = step is NodeStep.Wait { NeedsHuman: true };
        if (!ready && !stalled) set.Set(NodeConditions.Reconciling, ConditionStatus.True, step.Reason, step.Message);
        if (stalled) set.Set(NodeConditions.Stalled, ConditionStatus.True, step.Reason, step.Message);
        return new KontenaNodeStatus
        {
            Addresses = machine?.Addresses is { Count: > 0 } addresses ? addresses : null,
            Zone = machine?.Zone is { Length: > 0 } zone ? zone : null,
            MachineState = machine?.State.ToString(),
            EngineID = EngineId(entry, before),
            DockerVersion = entry?.DockerVersion ?? before?.DockerVersion,
            AgentVersion = entry?.AgentVersion ?? before?.AgentVersion,
            NodeNumber = entry is { Number: > 0 } ? entry.Number : before?.NodeNumber,
            InitialMember = entry?.InitialMember ?? before?.InitialMember,
            OverlayIP = entry?.OverlayIp ?? before?.OverlayIP,
            JoinedAt = before?.JoinedAt ?? (ready && seen.Grid is not null ? Seconds(seen.Now) : null),
            ObservedGeneration = generation,
            Conditions = set.ToList(),
            Journal = Journal(before?.Journal ?? [], step, seen.Now),
        };
    }

    /// <summary>True where more than a time differs.</summary>
    public static bool IsWorthWriting(KontenaNodeStatus? before, KontenaNodeStatus after) =>
        before is null
        || before.Zone != after.Zone
        || before.MachineState != after.MachineState
        || before.ObservedGeneration != after.ObservedGeneration
        || Told(before) != Told(after)
        || !(before.Addresses ?? []).SequenceEqual(after.Addresses ?? [])
        || !before.Conditions.SequenceEqual(after.Conditions);

    private static (string?, string?, string?, int?, bool?, string?, DateTimeOffset?) Told(KontenaNodeStatus status) =>
        (status.EngineID, status.DockerVersion, status.AgentVersion, status.NodeNumber, status.InitialMember, status.OverlayIP, status.JoinedAt);

    /// <summary>What the machine is, apart from the grid: a machine that runs is ready though its agent has not joined.</summary>
    private static void SetMachine(NodeSeen seen, NodeStep step, string status, ConditionSet set)
    {
        if (seen is { Grid: not null, Deleting: false, Spec.ProviderID: not null } && step is not NodeStep.Wait { NeedsHuman: true, ForProvider: true } && RunningPath.OfMachine(seen) is NodeStep.Wait machine)
            set.Set(NodeConditions.MachineReady, machine.Ready ? ConditionStatus.True : status, machine.Reason, machine.Message);
        else
            set.Set(NodeConditions.MachineReady, status, step.Reason, step.Message);
    }

    /// <param name="before">Stands until the grid has been observed again.</param>
    private static void SetAgent(NodeSeen seen, NodeStep step, bool ready, Condition? before, ConditionSet set)
    {
        if (seen.Grid is not { } grid) return;
        if (ready)
            set.Set(NodeConditions.AgentConnected, ConditionStatus.True, step.Reason, step.Message);
        else if (grid.View.Last is null && before is not null)
            set.Set(before.Type, before.Status, before.Reason, before.Message);
        else if (grid.View.Last is null)
            set.Set(NodeConditions.AgentConnected, ConditionStatus.Unknown, "Observing", $"Grid {grid.View.Name} has not been observed since the operator started.");
        else if (grid.Entry is { Connected: true } entry && grid.IsOurs(entry))
            set.Set(NodeConditions.AgentConnected, ConditionStatus.True, "Connected", $"The agent of {entry.Name} is connected to the Master.");
        else
            set.Set(NodeConditions.AgentConnected, ConditionStatus.False, step.Reason, step.Message);
    }

    /// <param name="before">Stand until the rules have been read again.</param>
    private static void SetWaysIn(NodeSeen seen, IReadOnlyList<Condition> before, ConditionSet set)
    {
        if (seen.WaysIn is not { } ways || seen.Deleting) return;
        Set(NodeConditions.PortsOpen, ways.Ports?.Status, ways.Ports?.Reason, ways.Ports?.Message);
        if (seen.Grid is not null) Set(NodeConditions.IPSecReady, ways.Ipsec?.Status, ways.Ipsec?.Reason, ways.Ipsec?.Message);

        void Set(string type, string? status, string? reason, string? message)
        {
            if (status is not null) set.Set(type, status, reason!, message!);
            else if (before.FirstOrDefault(c => c.Type == type) is { Reason: not Unseen } old) set.Set(type, old.Status, old.Reason, old.Message);
            else set.Set(type, ConditionStatus.Unknown, Unseen, seen.Spec.ProviderID is null ? "There is no machine yet." : "The rules of the machine's firewalls have not been read yet.");
        }
    }

    /// <summary>The id that it joined with stays: one machine has one id for good, and another one later is found by the difference.</summary>
    private static string? EngineId(MasterNode? entry, KontenaNodeStatus? before) =>
        before is { JoinedAt: not null, EngineID: { } joined } ? joined : entry?.NodeId ?? before?.EngineID;

    private static Machine? KnownMachine(NodeSeen seen) =>
        seen.Spec.ProviderID is not { } id ? null : seen.Sight.ById(id) ?? seen.Trace.Seen.FirstOrDefault(m => m.ProviderId == id) ?? seen.Trace.Made;

    /// <summary>A decision is entered when its reason is another than the last one's: a wait that goes on is no news.</summary>
    private static IReadOnlyList<JournalEntry> Journal(IReadOnlyList<JournalEntry> before, NodeStep step, DateTimeOffset now)
    {
        if (before.Count > 0 && before[^1].Reason == step.Reason) return before;
        var entry = new JournalEntry { Time = Seconds(now), Reason = step.Reason, Message = step.Message.Length <= 1024 ? step.Message : step.Message[..1023] + "…" };
        return [.. before.Append(entry).TakeLast(JournalLength)];
    }

    private static DateTimeOffset Seconds(DateTimeOffset now) => new(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, now.Offset);
}
