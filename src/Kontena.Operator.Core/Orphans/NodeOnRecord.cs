namespace Kontena.Operator.Core.Orphans;

/// <summary>What a sweep needs to know of a KontenaNode that exists.</summary>
/// <param name="ProviderId">The recorded machine; null before there is one.</param>
/// <param name="Attempt">Number of the present attempt; 0 before the first.</param>
/// <param name="Token">The present attempt's token; null before the first.</param>
/// <param name="Adopts">Provider id of the machine that it is to take over; null where it makes its own.</param>
public sealed record NodeOnRecord(string Uid, string? ProviderId, int Attempt, string? Token, string? Adopts = null);
