using Kontena.Operator.Core.Grids;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Grids;

/// <summary>
/// Asks for the health of single nodes beside the polls, as an agent that hangs takes 10 s: first those that somebody asked for, then the
/// initial members in rotation, one a turn. Every other node is left alone: each question goes through to an agent.
/// </summary>
internal sealed class GridHealth(GridPoll poll, GridHubContext context)
{
    private readonly WakeablePause pauses = new(context.Time);
    private readonly Lock gate = new();
    private readonly List<string> asked = [];
    private int turn;

    public void Ask(string node)
    {
        lock (gate)
        {
            if (asked.Contains(node)) return;
            asked.Add(node);
        }
        pauses.Wake();
    }

    /// <summary>There are members whose health is not known: a first listing, or one came back.</summary>
    public void Look()
    {
        if (HasUnknown) pauses.Wake();
    }

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var pause = await AskNextAsync(ct);
            await pauses.WaitAsync(pause, ct);
        }
    }

    private bool HasUnknown => poll.Observed is { Trouble: null, IsOther: false } o && o.Members.Any(m => m.Connected && !o.Health.ContainsKey(m.Name));

    private async Task<TimeSpan> AskNextAsync(CancellationToken ct)
    {
        var observed = poll.Observed;
        if (observed is not { Trouble: null, IsOther: false, Last: not null } || TakeNext(observed) is not { } name) return context.Pace.GridSettled;
        try
        {
            var connection = await poll.OpenAsync(ct);
            var health = await connection.Master.CheckHealthAsync(name, ct);
            poll.Learn(observed.Uid, name, health);
        }
        catch (MasterException)
        {
            // The poll finds out what is wrong, and tells.
            return context.Pace.GridSettled;
        }
        lock (gate) return asked.Count > 0 ? TimeSpan.Zero : HasUnknown ? context.Pace.Quick : context.Pace.GridSettled;
    }

    private string? TakeNext(GridObserved observed)
    {
        lock (gate)
        {
            if (asked.Count > 0)
            {
                var first = asked[0];
                asked.RemoveAt(0);
                return first;
            }
        }
        var members = observed.Members.Where(m => m.Connected).ToList();
        if (members.Count == 0) return null;
        return (members.Find(m => !observed.Health.ContainsKey(m.Name)) ?? members[turn++ % members.Count]).Name;
    }
}
