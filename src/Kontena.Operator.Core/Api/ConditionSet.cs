namespace Kontena.Operator.Core.Api;

/// <summary>
/// Builds the conditions of a status from the ones before: the time moves only when the status does, so that an unchanged
/// condition stays equal and costs no write (a timestamp rewritten every pass is a hot loop: strimzi#13079).
/// </summary>
public sealed class ConditionSet(IReadOnlyList<Condition> before, long generation, DateTimeOffset now)
{
    private readonly List<Condition> conditions = [];

    public void Set(string type, string status, string reason, string message)
    {
        var old = before.FirstOrDefault(c => c.Type == type);
        conditions.Add(new Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            ObservedGeneration = generation,
            LastTransitionTime = old?.Status == status ? old.LastTransitionTime : Seconds(now),
        });
    }

    /// <summary>In the order they were set. A condition of before that was not set again is gone.</summary>
    public IReadOnlyList<Condition> ToList() => conditions;

    /// <summary>The API keeps whole seconds; a finer time would differ from what is read back.</summary>
    private static DateTimeOffset Seconds(DateTimeOffset time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, time.Offset);
}
