using System.Text.Json.Nodes;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Manifests;

/// <summary>One verb on one resource, as a rule of RBAC allows it.</summary>
/// <param name="Name">Of the one object that it is allowed on; null for any.</param>
internal sealed record Grant(string Group, string Resource, string Verb, string? Name)
{
    public static IEnumerable<Grant> Of(JsonObject role) =>
        from rule in role["rules"]!.AsArray()
        from part in rule!["apiGroups"].Strings()
        from resource in rule["resources"].Strings()
        from verb in rule["verbs"].Strings()
        from name in rule["resourceNames"] is JsonArray names ? names.Strings() : (IReadOnlyList<string?>)[null]
        select new Grant(part, resource, verb, name);

    public bool Allows(AuditedRequest request) =>
        (Group, Resource, Verb) == (request.Group, request.ResourceInRules, request.Verb) && (Name is null || Name == request.Name);

    /// <summary>True where everything that <paramref name="other"/> allows is allowed by this.</summary>
    public bool Covers(Grant other) => (Group, Resource, Verb) == (other.Group, other.Resource, other.Verb) && (Name is null || Name == other.Name);
}
