using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Requests;

internal enum Propagation
{
    Background,
    Foreground,
    Orphan,
}

/// <summary><c>metav1.DeleteOptions</c>, from the body and the query together.</summary>
internal sealed record DeleteParameters(Propagation Propagation, bool DryRun, string? Uid, string? ResourceVersion)
{
    public static readonly DeleteParameters Plain = new(Propagation.Background, false, null, null);

    /// <exception cref="StatusException">400: not DeleteOptions; 422: an unknown propagation policy or dryRun, or one policy said in two ways.</exception>
    public static DeleteParameters Read(IQueryCollection query, JsonObject? body)
    {
        var policy = body.Text("propagationPolicy") ?? query["propagationPolicy"].ToString();
        if (body?["kind"] is { } kind && kind.Text() != "DeleteOptions") throw Fault.BadRequest($"{JsonText.SerializeToString(kind)} is not DeleteOptions");
        if (body?["gracePeriodSeconds"] is { } grace && grace.Integer() is null) throw Fault.BadRequest("gracePeriodSeconds of DeleteOptions must be an integer");
        var orphan = body?["orphanDependents"] is not null || query.ContainsKey("orphanDependents");
        if (orphan && policy.Length > 0)
            throw Fault.Invalid("meta.k8s.io", "DeleteOptions", "", [FieldError.Invalid("propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set")]);
        if (body.Flag("orphanDependents") || ListParameters.Flag(query, "orphanDependents") == true) policy = "Orphan";
        var preconditions = body?["preconditions"] as JsonObject;
        // kubectl delete --dry-run=server says it in the body only. Missing it would delete.
        var bodyDryRun = (body?["dryRun"] as JsonArray ?? []).Select(n => n.Text() ?? "");
        return new DeleteParameters(
            policy switch
            {
                "" or "Background" => Propagation.Background,
                "Foreground" => Propagation.Foreground,
                "Orphan" => Propagation.Orphan,
                _ => throw Fault.Invalid("meta.k8s.io", "DeleteOptions", "",
                    [FieldError.NotSupported("propagationPolicy", policy, ["Foreground", "Background", "Orphan", "nil"])]),
            },
            DryRunParameter.Read(bodyDryRun.Concat(query["dryRun"].OfType<string>()), "DeleteOptions"),
            preconditions.Text("uid"), preconditions.Text("resourceVersion"));
    }
}

/// <summary>The one value of dryRun there is. An unknown one must fail: the client counts on nothing being written.</summary>
internal static class DryRunParameter
{
    /// <param name="values">All that were given.</param>
    /// <param name="options">The kind of options that the answer is about, such as <c>CreateOptions</c>.</param>
    public static bool Read(IEnumerable<string> values, string options)
    {
        var given = values.ToList();
        if (given.FirstOrDefault(v => v != "All") is { } unknown)
            throw Fault.Invalid("meta.k8s.io", options, "", [FieldError.NotSupported("dryRun", unknown, ["All"])]);
        return given.Count > 0;
    }
}
