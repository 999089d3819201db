using System.Reflection;

namespace Kontena.Kubernetes.Schema;

/// <summary>
/// Where the generator learns what types alone do not tell: descriptions, bounds, rules, names. Keeps
/// <see cref="CrdGenerator"/> free of any one set of attributes.
/// </summary>
public interface ISchemaSource
{
    /// <summary>Names, columns and subresources of the kind whose spec this type is.</summary>
    ResourceFacts Resource(Type spec);

    /// <summary>What holds for every value of an object type.</summary>
    TypeFacts Type(Type type);

    /// <summary>What holds for one property.</summary>
    FieldFacts Field(PropertyInfo property);
}
