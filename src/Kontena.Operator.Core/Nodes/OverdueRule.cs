using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Identity;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>Whether a machine runs and does not come in for a reason that nobody tells: then its id may be what it is refused for.</summary>
public static class OverdueRule
{
    /// <param name="by">How long a machine may take to join.</param>
    /// <returns>False as well where the Master does not answer: what it said last may be old.</returns>
    public static bool Holds(GridView view, MasterNode entry, MasterTrace trace, KontenaNodeSpec spec, Machine machine, TimeSpan by, DateTimeOffset now)
    {
        if (view.Trouble is not null || machine.State != MachineState.Running || !entry.NeverJoined || entry.Connected) return false;
        if (!((machine.CreatedAt ?? spec.Attempt?.OpenedAt) + by <= now)) return false;
        if (trace.ForeignAt is not null || !entry.HasToken || JoinDiagnosis.VersionDiffers(spec, view) || JoinDiagnosis.IsClockOff(view)) return false;
        return CloseNotice.Of(view.Health.GetValueOrDefault(entry.Name)?.Trouble) is null or { Code: CloseCodes.IdUsedByAnother };
    }
}
