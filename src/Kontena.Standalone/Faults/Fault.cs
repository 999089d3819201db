using Kontena.Standalone.FieldOwnership;

namespace Kontena.Standalone.Faults;

/// <summary>
/// The failures of the API in the words of kube-apiserver, because people search for these sentences and programs match
/// their reasons. <c>details.kind</c> is the resource in some and the kind in others: that is Kubernetes' own habit.
/// </summary>
internal static class Fault
{
    public static StatusException NotFound(ResourceDefinition resource, string name) =>
        new(404, "NotFound", $"{resource.GroupResource} \"{name}\" not found") { Details = Details(name, resource.Group, resource.Plural) };

    public static StatusException AlreadyExists(ResourceDefinition resource, string name) =>
        new(409, "AlreadyExists", $"{resource.GroupResource} \"{name}\" already exists") { Details = Details(name, resource.Group, resource.Plural) };

    public static StatusException Modified(ResourceDefinition resource, string name) => new(409, "Conflict",
        $"Operation cannot be fulfilled on {resource.GroupResource} \"{name}\": the object has been modified; please apply your changes to the latest version and try again")
    { Details = Details(name, resource.Group, resource.Plural) };

    public static StatusException Precondition(ResourceDefinition resource, string name, string field, string given, string stored) => new(409, "Conflict",
        $"Operation cannot be fulfilled on {resource.GroupKind} \"{name}\": the {field} in the precondition ({given}) does not match the {field} in record ({stored}). The object might have been {(field == "UID" ? "deleted and then recreated" : "modified")}")
    { Details = Details(name, resource.Group, resource.Kind) };

    public static StatusException OtherUid(ResourceDefinition resource, string name, string given, string stored) => new(409, "Conflict",
        $"Operation cannot be fulfilled on {resource.GroupResource} \"{name}\": Precondition failed: UID in precondition: {given}, UID in object meta: {stored}")
    { Details = Details(name, resource.Group, resource.Plural) };

    public static StatusException ApplyConflict(IReadOnlyList<FieldConflict> conflicts)
    {
        var fields = conflicts.SelectMany(c => c.Fields.Paths().Select(path => (c.With, Path: path))).ToList();
        var list = fields.Count == 1
            ? $"1 conflict: conflict with {fields[0].With}: {fields[0].Path}"
            : $"{fields.Count} conflicts: {string.Join('\n', conflicts.SelectMany(c => c.Fields.Paths().Select(path => $"- {path}").Prepend($"conflicts with {c.With}:")))}";
        var causes = fields.Select(f => new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = $"conflict with {f.With}", ["field"] = f.Path });
        return new(409, "Conflict", $"Apply failed with {list}") { Details = new JsonObject { ["causes"] = new JsonArray([.. causes]) } };
    }

    /// <summary>An applied configuration that its schema does not fit. Kubernetes calls it a failure of its own, without a reason.</summary>
    public static StatusException Untyped(ResourceDefinition resource, JsonObject config, IReadOnlyList<string> errors) => new(500, "",
        $"failed to create typed patch object ({config.MetadataText("namespace")}/{config.Name()}; {resource.ApiVersion}, Kind={resource.Kind}): {(errors.Count == 1 ? errors[0] : $"errors:\n  {string.Join("\n  ", errors)}")}");

    public static StatusException UidOfNone(ResourceDefinition resource, string name, string uid) => new(409, "Conflict",
        $"Operation cannot be fulfilled on {resource.GroupResource} \"{name}\": uid mismatch: the provided object specified uid {uid}, and no existing object was found")
    { Details = Details(name, resource.Group, resource.Plural) };

    public static StatusException Invalid(ResourceDefinition resource, string name, IReadOnlyList<FieldError> errors) =>
        Invalid(resource.Group, resource.Kind, name, errors);

    public static StatusException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var list = string.Join(", ", errors);
        var details = Details(name, group, kind);
        details["causes"] = new JsonArray([.. errors.Select(e => new JsonObject
        {
            ["reason"] = e.Reason,
            ["message"] = e.Message,
            ["field"] = e.Field,
        })]);
        var groupKind = group.Length == 0 ? kind : $"{kind}.{group}";
        return new(422, "Invalid", $"{groupKind} \"{name}\" is invalid: {(errors.Count == 1 ? list : $"[{list}]")}") { Details = details };
    }

    /// <summary>The patch itself cannot be carried out: a test or a path in a JSON patch fails.</summary>
    public static StatusException UnprocessablePatch() =>
        new(422, "Invalid", "the server rejected our request due to an error in our request") { Details = [] };

    /// <summary>What a patch makes of the object cannot be read as its kind.</summary>
    public static StatusException PatchedUndecodable(StatusException why) => Invalid("", "", "", [FieldError.Invalid("patch", "", why.Message)]);

    public static StatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static StatusException Forbidden(ResourceDefinition resource, string name, string why) =>
        new(403, "Forbidden", $"{resource.GroupResource} \"{name}\" is forbidden: {why}") { Details = Details(name, resource.Group, resource.Plural) };

    public static StatusException NamespaceTerminating(ResourceDefinition resource, string name, string ns)
    {
        var fault = Forbidden(resource, name, $"unable to create new content in namespace {ns} because it is being terminated");
        fault.Details!["causes"] = new JsonArray(new JsonObject
        {
            ["reason"] = "NamespaceTerminating",
            ["message"] = $"namespace {ns} is being terminated",
            ["field"] = "metadata.namespace",
        });
        return fault;
    }

    public static StatusException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    /// <param name="resource">Named in the details for custom kinds only, whose one handler knows what it was asked for.</param>
    public static StatusException MethodNotAllowed(ResourceDefinition? resource = null) =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
        {
            Details = resource is null or { BuiltIn: true } ? [] : new JsonObject { ["group"] = resource.Group, ["kind"] = resource.Plural },
        };

    /// <summary>A path that leads nowhere, below a group that the server itself has.</summary>
    public static StatusException NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource") { Details = [] };

    public static StatusException NotAcceptable() => new(406, "NotAcceptable",
        "only the following media types are accepted: application/json");

    public static StatusException UnsupportedMediaType(IEnumerable<string> accepted) => new(415, "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");

    public static StatusException TooLarge(long limit) => new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    public static StatusException Expired(long asked, long oldest) => new(410, "Expired", $"too old resource version: {asked} ({oldest})");

    public static StatusException ContinueExpired() => new(410, "Expired",
        "The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.");

    public static StatusException VersionInFuture(long asked, long current) => new(504, "Timeout",
        $"Timeout: Too large resource version: {asked}, current: {current}")
    {
        Details = new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
            ["retryAfterSeconds"] = 1,
        },
    };

    public static StatusException RequestTimeout() =>
        new(504, "Timeout", "Timeout: request did not complete within the allotted timeout") { Details = [] };

    public static StatusException Internal(string message) => new(500, "InternalError", $"Internal error occurred: {message}")
    {
        Details = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) },
    };

    private static JsonObject Details(string name, string group, string kind)
    {
        var details = new JsonObject();
        foreach (var (field, value) in new[] { ("name", name), ("group", group), ("kind", kind) })
        {
            if (value.Length > 0) details[field] = value;
        }
        return details;
    }
}
