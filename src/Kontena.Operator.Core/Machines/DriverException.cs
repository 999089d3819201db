namespace Kontena.Operator.Core.Machines;

/// <summary>A provider's call that did not succeed. The message is for people and holds no secret: no keys, no user-data, no request body.</summary>
public sealed class DriverException : Exception
{
    public DriverException(DriverFault fault, string message, Exception? inner = null) : base(message, inner) => Fault = fault;

    public DriverFault Fault { get; }

    /// <summary>The provider's own word, e.g. <c>InsufficientInstanceCapacity</c>, for metrics and messages.</summary>
    public string? Code { get; init; }

    /// <summary>
    /// How long to wait before the next try: what the provider asked for, where that is longer than our own rule; or, where only
    /// a human can help, how soon a look is cheap (a missing Secret is looked for in the cluster, not at the provider).
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// True where a mutating call may have been carried out all the same. A definite refusal is false. Reads are never unknown.
    /// </summary>
    public bool OutcomeUnknown { get; init; }
}
