namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// Complete, empty answers to "is there such a machine?", asked past every cache. One is not proof: a provider may not show
/// a fresh machine yet (EC2 documents this), so they must repeat over a window.
/// </summary>
/// <param name="FirstBegunAt">When the first of an unbroken row of them was begun.</param>
/// <param name="LastBegunAt">When the last was begun.</param>
public sealed record Absences(int Count, DateTimeOffset FirstBegunAt, DateTimeOffset LastBegunAt)
{
    /// <summary>How long absence must last.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>Pause between two looks.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    public static Absences Add(Absences? before, DateTimeOffset begunAt) =>
        before is null ? new Absences(1, begunAt, begunAt) : before with { Count = before.Count + 1, LastBegunAt = begunAt };

    /// <summary>True once the row is long enough to be believed.</summary>
    public bool IsProof => Count >= 2 && LastBegunAt - FirstBegunAt >= Window;
}
