using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>The provider's last word on a create call that did not succeed.</summary>
/// <param name="Failures">How many calls in a row failed, this one included.</param>
/// <param name="Credentials">Identity of the credentials that were used: new ones are worth a new try at once.</param>
public sealed record Refusal(DriverFault Fault, string Message, DateTimeOffset At, int Failures, string Credentials)
{
    /// <inheritdoc cref="DriverException.RetryAfter"/>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>When the same call may be made again.</summary>
    public DateTimeOffset RetryAt
    {
        get
        {
            var rule = RetryRule.After(Fault, Failures);
            return At + (RetryAfter is { } asked && (asked > rule || RetryRule.NeedsHuman(Fault)) ? asked : rule);
        }
    }
}
