namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// Complete, empty answers to "is there such a machine?", asked past every cache. One is not proof: a provider may not show
/// a fresh machine yet (EC2 documents this), so they must repeat over a window.
/// </summary>
/// <param name="FirstBegunAt">When the first of an unbroken row of them was begun.</param>
/// <param name="LastBegunAt">When the last was begun.</param>
/// <param name="Credentials">Identity of the credentials that all of them were asked with: another account knows nothing of the machine, truthfully.</param>
public sealed record Absences(int Count, DateTimeOffset FirstBegunAt, DateTimeOffset LastBegunAt, string Credentials)
{
    /// <summary>How long absence must last.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>Pause between two looks.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    /// <summary>One more; other credentials begin a new row.</summary>
    public static Absences Add(Absences? before, DateTimeOffset begunAt, string credentials) => before?.Credentials == credentials
        ? before with { Count = before.Count + 1, LastBegunAt = begunAt }
        : new Absences(1, begunAt, begunAt, credentials);

    /// <summary>True once the row is long enough to be believed.</summary>
    public bool IsProof => Count >= 2 && LastBegunAt - FirstBegunAt >= Window;
}
