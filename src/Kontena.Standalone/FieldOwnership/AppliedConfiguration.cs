using Kontena.Standalone.Schema;

namespace Kontena.Standalone.FieldOwnership;

/// <summary>Checks a configuration before it is merged: what its schema does not know cannot be owned (typed/validate.go).</summary>
internal static class AppliedConfiguration
{
    /// <exception cref="StatusException">400: another kind, or managers in the configuration; 500, as in Kubernetes: it does not fit the schema.</exception>
    public static void Check(ResourceDefinition resource, JsonObject config)
    {
        var (version, kind) = (config.Text("apiVersion") ?? "", config.Text("kind") ?? "");
        if (version != resource.ApiVersion || kind != resource.Kind)
            throw Fault.BadRequest($"invalid object type: {(version.Contains('/', StringComparison.Ordinal) ? version : $"/{version}")}, Kind={kind}");
        if ((config["metadata"] as JsonObject)?.ContainsKey("managedFields") == true) throw Fault.BadRequest("metadata.managedFields must be nil");
        var copy = config.Copy();
        List<string> errors = [.. Pruning.Prune(copy, resource.Schema).Select(path => $".{path}: field not declared in schema")];
        // A null that the schema does not take says nothing; here it goes.
        Defaulting.Apply(copy, resource.Schema);
        errors.AddRange(SchemaValidation.Validate(copy, resource.Schema).Where(e => e.OfShape).Select(e => $".{e}"));
        if (errors.Count > 0) throw Fault.Untyped(resource, config, errors);
    }
}
