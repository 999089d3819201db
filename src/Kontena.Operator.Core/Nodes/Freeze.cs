namespace Kontena.Operator.Core.Nodes;

/// <summary>Why nothing may be created or deleted until a human has looked. The message says what to do.</summary>
public sealed record Freeze(string Reason, string Message);
