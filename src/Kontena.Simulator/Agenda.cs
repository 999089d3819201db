namespace Kontena.Simulator;

/// <summary>What falls due later. Nothing runs by itself: whoever looks first brings the world up to now.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, (DateTimeOffset Due, long Order)> due = new();
    private long order;

    public void At(DateTimeOffset when, Action act) => due.Enqueue(act, (when, order++));

    public void RunUntil(DateTimeOffset now)
    {
        while (due.TryPeek(out var act, out var key) && key.Due <= now)
        {
            due.Dequeue();
            act();
        }
    }
}
