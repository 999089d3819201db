namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>One page of a Describe call.</summary>
/// <param name="NextToken">Null on the last page.</param>
internal sealed record Ec2Page<T>(IReadOnlyList<T> Items, string? NextToken);
