namespace Kontena.Operator.Core.Machines;

/// <summary>All machines of an installation in one inventory scope. Always complete: a listing that broke off is an exception, not a shorter list.</summary>
/// <param name="BegunAt">When the first page was asked for: nothing created after this can be missed "as of" later.</param>
public sealed record MachineListing(DateTimeOffset BegunAt, IReadOnlyList<Machine> Machines);
