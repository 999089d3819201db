namespace Kontena.Operator.Core.Grids;

/// <summary>A text that must not be shown: it prints as "(secret)", in records that hold it, too.</summary>
public sealed class SecretText(string value) : IEquatable<SecretText>
{
    /// <summary>The text itself, for the one place that needs it.</summary>
    public string Reveal() => value;

    public bool Equals(SecretText? other) => other is not null && other.Reveal() == value;

    public override bool Equals(object? obj) => Equals(obj as SecretText);

    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "(secret)";
}
