namespace Kontena.Operator.Core.Identity;

/// <summary>A node as the remedy sees it.</summary>
/// <param name="Joined">It was online once.</param>
public sealed record RemedyNode(string Uid, string PoolUid, string Revision, DateTimeOffset CreatedAt, bool Deleting, bool Joined);
