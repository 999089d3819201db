namespace Kontena.Operator.Core.Grids;

/// <summary>An entry to make at the Master.</summary>
/// <param name="Token">16 to 64 characters; what the agent proves itself with.</param>
/// <param name="Labels">Set with the entry, before the first connection: a node whose region is not known is reached by its public address (kontena/kontena#1136).</param>
public sealed record NewMasterNode(string Name, SecretText Token, IReadOnlyList<string> Labels);
