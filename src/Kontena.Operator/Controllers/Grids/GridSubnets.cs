using System.Collections.Concurrent;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Grids;

/// <summary>
/// Writes the list of trusted subnets to the Master and reads it back. A list that was refused is not sent again with every look at the Grid: each
/// write restarts the overlay on every node.
/// </summary>
internal sealed class GridSubnets(GridContext context)
{
    private const string Reason = "TrustedSubnetsRefused";

    private static readonly TimeSpan HumanPace = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Failure> failures = [];

    /// <summary>Why the Master did not take the list of this generation; null where it did, or was not asked.</summary>
    public MasterTrouble? TroubleOf(Grid grid) =>
        failures.TryGetValue(grid.Metadata.Uid!, out var last) && last.Generation == grid.Metadata.Generation ? last.Trouble : null;

    public void Forget(string uid) => failures.TryRemove(uid, out _);

    public async Task<Next> SetAsync(Grid grid, IReadOnlyList<string> subnets, CancellationToken ct)
    {
        if (TroubleOf(grid) is { } before && PauseAfter(before) - (context.Time.GetUtcNow() - failures[grid.Metadata.Uid!].At) is var left && left > TimeSpan.Zero) return new Next.After(left);
        var (ns, name) = (grid.Metadata.Namespace!, grid.Metadata.Name!);
        try
        {
            var connection = await context.Hub.OpenAsync(ns, name, ct);
            await connection.Master.SetTrustedSubnetsAsync(subnets, ct);
            var read = await connection.Master.ReadGridAsync(ct);
            context.Hub.Learn(ns, name, read);
            if (!TrustedSubnets.Same(read.TrustedSubnets, subnets)) return Failed(grid, MasterFault.Refused, Reason, "The Master took the list of trusted subnets and shows another one. Correct spec.trustedSubnets.", needsHuman: true);
            Forget(grid.Metadata.Uid!);
            var list = subnets.Count == 0 ? "none" : string.Join(", ", subnets);
            context.Log.LogInformation("Grid {Grid}: trusted subnets are now {Subnets}", grid.Metadata.Key, list);
            context.Events.Record(KontenaKinds.Grids, grid, EventType.Normal, "TrustedSubnetsSet", $"The grid's trusted subnets are now: {list}.");
            return new Next.AwaitChange();
        }
        catch (MasterException fault)
        {
            return fault.Fault == MasterFault.Refused
                ? Failed(grid, fault.Fault, Reason, $"{fault.Message} Correct spec.trustedSubnets.", needsHuman: true)
                : Failed(grid, fault.Fault, fault.Reason, fault.Message, fault.NeedsHuman);
        }
    }

    private Next.After Failed(Grid grid, MasterFault fault, string reason, string message, bool needsHuman)
    {
        var now = context.Time.GetUtcNow();
        var since = TroubleOf(grid) is { } before && before.Reason == reason ? before.Since : now;
        var trouble = new MasterTrouble(fault, reason, message, since, needsHuman);
        failures[grid.Metadata.Uid!] = new Failure(grid.Metadata.Generation, trouble, now);
        return new Next.After(PauseAfter(trouble));
    }

    private TimeSpan PauseAfter(MasterTrouble trouble) => trouble.NeedsHuman ? HumanPace : context.Pace.LookAgain;

    private sealed record Failure(long? Generation, MasterTrouble Trouble, DateTimeOffset At);
}
