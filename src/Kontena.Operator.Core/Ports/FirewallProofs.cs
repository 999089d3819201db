namespace Kontena.Operator.Core.Ports;

/// <summary>A listing that was begun at one of these times or before does not prove what the time is named for.</summary>
/// <param name="WritesAfter">It may show what was there before a write of ours.</param>
/// <param name="OpenAfter">It may show a rule that a call of ours is about to close, or has closed so lately that the provider shows it still.</param>
/// <param name="AbsenceAfter">It may lack what a call of ours, or of a predecessor, is about to make.</param>
public sealed record FirewallProofs(DateTimeOffset WritesAfter, DateTimeOffset OpenAfter, DateTimeOffset AbsenceAfter)
{
    /// <summary>Nothing was written: every listing proves all.</summary>
    public static readonly FirewallProofs Any = new(DateTimeOffset.MinValue, DateTimeOffset.MinValue, DateTimeOffset.MinValue);
}
