namespace Kontena.Operator.Core.Identity;

/// <summary>What to do about conflicts now.</summary>
/// <param name="Replace">UID of the one node that is to be replaced; null where none is.</param>
/// <param name="Hopeless">By node UID, why it is not replaced though its pool asks for it.</param>
/// <param name="Memory">To be given to the next round.</param>
public sealed record RemedyPlan(string? Replace, IReadOnlyDictionary<string, string> Hopeless, RemedyMemory Memory);
