namespace Kontena.Standalone.Admission;

/// <summary>What to do with unknown and duplicate fields.</summary>
internal enum FieldValidation
{
    /// <summary>Drop them and say so in a Warning header: what an API server does when it is not told otherwise.</summary>
    Warn,
    Ignore,
    Strict,
}

/// <summary>The query parameters of a write, and the warnings that its answer will carry.</summary>
/// <param name="Manager">Who will own what the write changes.</param>
/// <param name="Force">An apply takes what others own.</param>
internal sealed record WriteOptions(bool DryRun, FieldValidation FieldValidation, string Manager, bool Force = false)
{
    public List<string> Warnings { get; } = [];
}
