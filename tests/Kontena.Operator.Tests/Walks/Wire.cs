using Kontena.Kubernetes.Client;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.TestKit;

namespace Kontena.Operator.Tests.Walks;

/// <summary>Requests that left an operator which no longer waits for them. They arrive within the delay that every provider promises.</summary>
internal sealed class Wire(World world, ManualTime time)
{
    private static readonly int[] Delays = [0, 3, 11, 29];

    /// <summary>Of a cloud that works off its backlog: far beyond its promise of one minute.</summary>
    private static readonly int[] BrokenDelays = [75, 240, 540];

    /// <summary>Within the time after which a Master carries out no call that was given up (<see cref="Core.Nodes.MasterTrace.MaxCommitDelay"/>).</summary>
    private static readonly int[] MasterDelays = [0, 2, 7, 13];

    private int sent;

    /// <summary>Creates from now on arrive later than promised.</summary>
    public bool BreaksPromises { get; set; }

    /// <summary>What is being carried out now should have been, or have been refused, long ago.</summary>
    public bool IsOverdue { get; private set; }

    public int OnTheWay { get; private set; }

    public void Send(CallSite call, Action effect)
    {
        OnTheWay++;
        var delay = TimeSpan.FromSeconds(Delay(call));
        world.Story?.Add($"      {call} is on its way and arrives in {delay.TotalSeconds} s");
        time.CreateTimer(_ => Arrive(call, effect, delay > world.Cloud.Promises.MaxCommitDelay), null, delay + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private int Delay(CallSite call)
    {
        var delays = BreaksPromises && call is { Side: Side.Cloud, Operation: "create" } ? BrokenDelays : call.Side == Side.Master ? MasterDelays : Delays;
        return delays[sent++ % delays.Length];
    }

    private void Arrive(CallSite call, Action effect, bool overdue)
    {
        IsOverdue = overdue;
        OnTheWay--;
        try
        {
            effect();
            world.Story?.Add($"      {call} arrives late and is done");
        }
        catch (Exception fault) when (fault is KubeFault or DriverException or MasterException)
        {
            world.Story?.Add($"      {call} arrives late and is refused: {fault.Message}");
        }
        finally
        {
            IsOverdue = false;
        }
    }
}
