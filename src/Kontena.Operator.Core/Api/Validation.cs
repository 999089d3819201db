using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>
/// All that must hold of our objects, in C#: what the CRDs' schemas and CEL rules say, with the same paths and words, and
/// what only the operator can know. Used by <c>validate</c>, by the embedded API server, and by the operator itself on
/// objects that were stored before a rule existed.
/// </summary>
public static class Validation
{
    /// <param name="name">The pool's <c>metadata.name</c>.</param>
    /// <param name="old">The stored spec, or null on create: some things may not change.</param>
    /// <returns>What is wrong, ordered by path; empty when nothing is.</returns>
    public static IReadOnlyList<FieldError> Check(string name, NodePoolSpec spec, NodePoolSpec? old) =>
        Ordered([.. PoolName.Check(name), .. SchemaRules.Check(spec, old, "spec")]);

    /// <summary>The same for a node: mostly transitions, since only the operator writes nodes.</summary>
    public static IReadOnlyList<FieldError> CheckNode(KontenaNodeSpec spec, KontenaNodeSpec? old) =>
        Ordered(SchemaRules.Check(spec, old, "spec"));

    /// <summary>The same for a Grid.</summary>
    public static IReadOnlyList<FieldError> CheckGrid(GridSpec spec, GridSpec? old) =>
        Ordered(SchemaRules.Check(spec, old, "spec"));

    private static IReadOnlyList<FieldError> Ordered(IEnumerable<FieldError> errors) =>
        [.. errors.OrderBy(e => e.Path, StringComparer.Ordinal).ThenBy(e => e.Message, StringComparer.Ordinal)];
}
