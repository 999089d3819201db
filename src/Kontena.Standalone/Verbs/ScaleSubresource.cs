namespace Kontena.Standalone.Verbs;

/// <summary>An object seen as an <c>autoscaling/v1</c> Scale, and a Scale written back into it.</summary>
internal static class ScaleSubresource
{
    /// <param name="resource">Of the object.</param>
    /// <param name="obj">The object.</param>
    /// <param name="orNone">Where there are no replicas yet: a Scale of none, for a patch to be applied to.</param>
    public static JsonObject Show(ResourceDefinition resource, JsonObject obj, bool orNone = false)
    {
        var paths = resource.Scale!;
        // Without replicas there is nothing to scale; kube-apiserver answers the same, with the same sentence.
        var replicas = FieldPath.Find(obj, FieldPath.Names(paths.SpecReplicas)).Integer()
            ?? (orNone ? 0L : (long?)null)
            ?? throw Fault.Internal($"the spec replicas field \"{paths.SpecReplicas}\" does not exist");
        var status = new JsonObject { ["replicas"] = FieldPath.Find(obj, FieldPath.Names(paths.StatusReplicas)).Integer() ?? 0 };
        if (paths.LabelSelector is { } selector && FieldPath.Find(obj, FieldPath.Names(selector)).Text() is { Length: > 0 } text) status["selector"] = text;
        var metadata = new JsonObject();
        foreach (var name in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (obj["metadata"]?[name] is { } value) metadata[name] = value.DeepClone();
        }
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            // 0 is left out, as Go leaves it out.
            ["spec"] = replicas == 0 ? [] : new JsonObject { ["replicas"] = replicas },
            ["status"] = status,
        };
    }

    /// <summary>The stored object with the replicas of a Scale, and with its resourceVersion where it names one.</summary>
    public static RequestObject Write(ResourceDefinition resource, JsonObject current, JsonObject scale)
    {
        if (scale.Text("kind") is not (null or "Scale")) throw Fault.BadRequest($"{scale.Text("kind")} is not a Scale");
        if (scale.Name() is { Length: > 0 } name && name != current.Name())
            throw Fault.BadRequest($"the name of the object ({name}) does not match the name on the URL ({current.Name()})");
        var replicas = (scale["spec"] as JsonObject)?["replicas"];
        var number = replicas is null ? 0 : replicas.Integer()
            ?? throw new StatusException(400, "BadRequest", "Scale in version \"v1\" cannot be handled as a Scale: spec.replicas must be an integer") { Undecodable = true };
        if (number < 0)
        {
            throw Fault.Invalid(resource, current.Name(),
                [FieldError.Invalid("spec.replicas", number, "must be greater than or equal to 0")]);
        }
        FieldPath.Set(current, FieldPath.Names(resource.Scale!.SpecReplicas), number);
        if (scale.ResourceVersion() is { Length: > 0 } version) current.Metadata()["resourceVersion"] = version;
        if (scale.Uid() is { Length: > 0 } uid) current.Metadata()["uid"] = uid;
        return new RequestObject(current, []);
    }
}
