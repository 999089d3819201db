using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Requests;

/// <summary>The query of a list or a watch (<c>metav1.ListOptions</c>).</summary>
internal sealed record ListParameters
{
    public required ObjectSelector Selector { get; init; }

    public bool Watch { get; init; }

    public int? Limit { get; init; }

    public ContinueToken? Continue { get; init; }

    /// <summary>Null when absent.</summary>
    public long? ResourceVersion { get; init; }

    /// <summary>NotOlderThan, Exact, or null when absent.</summary>
    public string? VersionMatch { get; init; }

    public bool Bookmarks { get; init; }

    public bool? SendInitialEvents { get; init; }

    public TimeSpan? Timeout { get; init; }

    /// <exception cref="StatusException">400 or 422: a parameter is not well-formed, or two do not go together.</exception>
    public static ListParameters Read(IQueryCollection query, RequestTarget target)
    {
        var resource = target.Resource;
        var fields = query["fieldSelector"].ToString();
        // A watch on one object (GET .../name?watch=true) is a watch with its name as the selector.
        if (target.Name is not null) fields = string.Join(',', new[] { fields, $"metadata.name={target.Name}" }.Where(f => f.Length > 0));
        var parameters = new ListParameters
        {
            Selector = new ObjectSelector(resource.GroupResource, target.Namespace,
                LabelSelector.Parse(query["labelSelector"]), FieldSelector.Parse(fields, resource)),
            Watch = Flag(query, "watch") ?? false,
            Limit = Number(query, "limit") is { } limit and > 0 ? (int)Math.Min(limit, int.MaxValue) : null,
            Continue = query["continue"].ToString() is { Length: > 0 } token ? ContinueToken.Decode(token) : null,
            ResourceVersion = Number(query, "resourceVersion"),
            VersionMatch = query["resourceVersionMatch"].ToString() is { Length: > 0 } match ? match : null,
            Bookmarks = Flag(query, "allowWatchBookmarks") ?? false,
            SendInitialEvents = Flag(query, "sendInitialEvents"),
            Timeout = Number(query, "timeoutSeconds") is { } seconds and > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400)) : null,
        };
        if (parameters is { Continue: not null, ResourceVersion: > 0 }) throw Fault.BadRequest("specifying resource version is not allowed when using continue");
        if (parameters.Combinations().ToList() is { Count: > 0 } errors) throw Fault.Invalid("meta.k8s.io", "ListOptions", "", errors);
        return parameters;
    }

    public static bool? Flag(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        // As apimachinery reads them: whatever does not say no says yes.
        var text => text != "0" && !text.Equals("false", StringComparison.OrdinalIgnoreCase),
    };

    private static long? Number(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        // A limit below zero is none.
        var text when long.TryParse(text, name == "limit" ? NumberStyles.AllowLeadingSign : NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw Fault.BadRequest($"the query parameter {name} must be a number, not \"{text}\""),
    };

    /// <summary>The rules of ValidateListOptions in apimachinery.</summary>
    private IEnumerable<FieldError> Combinations()
    {
        if (VersionMatch is not (null or "NotOlderThan" or "Exact"))
            yield return FieldError.NotSupported("resourceVersionMatch", VersionMatch, ["Exact", "NotOlderThan", ""]);
        if (Watch && VersionMatch is not null && SendInitialEvents is null)
            yield return FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        if (Watch && SendInitialEvents is not null && VersionMatch != "NotOlderThan")
        {
            yield return FieldError.Forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
            if (VersionMatch is not null) yield return FieldError.NotSupported("resourceVersionMatch", VersionMatch, ["NotOlderThan"]);
        }
        if (!Watch && SendInitialEvents is not null)
            yield return FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        if (!Watch && VersionMatch is not null && ResourceVersion is null)
            yield return FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        if (VersionMatch == "Exact" && ResourceVersion == 0)
            yield return FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"");
    }
}
