namespace Kontena.Simulator.Calls;

/// <summary>One request that reached a simulated cloud.</summary>
/// <param name="Cloud"><c>ec2</c>, <c>sts</c> or <c>kontena</c>.</param>
/// <param name="AccessKeyId">Who asked: EC2's access key id, or at the Kontena Master the name of the access token, never the token.</param>
/// <param name="Parameters">What was asked, without what is secret: user-data, and every body that the Kontena Master gets.</param>
/// <param name="Status">The HTTP status that was answered, or that would have been where the answer was lost; 0: nothing was done.</param>
/// <param name="Code">The error code that was answered; null on success.</param>
/// <param name="Faults">Ids of the faults that struck it.</param>
public sealed record CallRecord(
    DateTimeOffset At, string Cloud, string Action, string? Region, string RequestId, string? AccessKeyId,
    IReadOnlyDictionary<string, string> Parameters, int Status, string? Code, IReadOnlyList<string> Faults);
