namespace Kontena.Kubernetes.Schema;

/// <summary>What holds for every value of an object type.</summary>
public sealed record TypeFacts
{
    public static TypeFacts None { get; } = new();

    public IReadOnlyList<CelRule> Rules { get; init; } = [];

    /// <summary>Null where the type is not a union.</summary>
    public UnionFacts? Union { get; init; }
}

/// <summary>An object of which exactly one property is set.</summary>
/// <param name="Message">Shown where none or several are set.</param>
/// <param name="FixedMessage">Where given, which property is set may never change, and this is shown.</param>
public sealed record UnionFacts(string Message, string? FixedMessage = null);
