using Kontena.Kubernetes.Client;
using Kontena.Operator.Core.Machines;
using Kontena.TestKit;

namespace Kontena.Operator.Tests.Walks;

/// <summary>Requests that left an operator which no longer waits for them. They arrive within the delay that every provider promises.</summary>
internal sealed class Wire(World world, ManualTime time)
{
    private static readonly int[] Delays = [0, 3, 11, 29];

    private int sent;

    public int OnTheWay { get; private set; }

    public void Send(CallSite call, Action effect)
    {
        OnTheWay++;
        var delay = TimeSpan.FromSeconds(Delays[sent++ % Delays.Length]);
        world.Story?.Add($"      {call} is on its way and arrives in {delay.TotalSeconds} s");
        time.CreateTimer(_ => Arrive(call, effect), null, delay + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void Arrive(CallSite call, Action effect)
    {
        OnTheWay--;
        try
        {
            effect();
            world.Story?.Add($"      {call} arrives late and is done");
        }
        catch (Exception fault) when (fault is KubeFault or DriverException)
        {
            world.Story?.Add($"      {call} arrives late and is refused: {fault.Message}");
        }
    }
}
