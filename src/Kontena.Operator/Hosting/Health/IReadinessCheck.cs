namespace Kontena.Operator.Hosting.Health;

/// <summary>One thing that must hold before the operator counts as ready.</summary>
public interface IReadinessCheck
{
    /// <summary>Letters, digits and dashes; unique among the checks.</summary>
    string Name { get; }

    /// <summary>Called at each probe, several checks at once, with a deadline in <paramref name="ct"/>.</summary>
    ValueTask<Readiness> CheckAsync(CancellationToken ct);
}

/// <summary>A check that only looks at something in memory.</summary>
public sealed class ReadinessCheck(string name, Func<Readiness> look) : IReadinessCheck
{
    public string Name { get; } = name;

    /// <param name="otherwise">What to say while <paramref name="holds"/> is false.</param>
    public static ReadinessCheck That(string name, Func<bool> holds, string otherwise) =>
        new(name, () => holds() ? Readiness.Ok : Readiness.Failed(otherwise));

    public ValueTask<Readiness> CheckAsync(CancellationToken ct) => ValueTask.FromResult(look());
}
