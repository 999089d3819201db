using Microsoft.Net.Http.Headers;

namespace Kontena.Standalone.Requests;

internal enum AnswerForm
{
    Object,
    Table,
    PartialMetadata,
}

/// <summary>
/// The form of an answer that the Accept header asks for: the first that can be given. Answers are always JSON.
/// <paramref name="Version"/> is that of meta.k8s.io, for the two forms that have one.
/// </summary>
internal sealed record AcceptedForm(AnswerForm Form, string Version)
{
    private static readonly AcceptedForm Plain = new(AnswerForm.Object, "v1");

    /// <exception cref="StatusException">406: nothing that can be given.</exception>
    public static AcceptedForm Read(string? accept)
    {
        if (string.IsNullOrWhiteSpace(accept)) return Plain;
        if (!MediaTypeHeaderValue.TryParseList(accept.Split(','), out var types)) throw Fault.NotAcceptable();
        foreach (var type in types)
        {
            if (type.MediaType.Value is not ("application/json" or "*/*" or "application/*")) continue;
            var version = Parameter(type, "v");
            if (Parameter(type, "g") is not ("" or "meta.k8s.io") || version is not ("" or "v1" or "v1beta1")) continue;
            switch (Parameter(type, "as"))
            {
                case "": return Plain;
                case "Table": return new(AnswerForm.Table, version);
                case "PartialObjectMetadata" or "PartialObjectMetadataList": return new(AnswerForm.PartialMetadata, version);
            }
        }
        throw Fault.NotAcceptable();
    }

    /// <summary>The version of aggregated discovery that is asked for before plain JSON; null when plain JSON comes first.</summary>
    public static string? DiscoveryVersion(string? accept)
    {
        if (accept is null || !MediaTypeHeaderValue.TryParseList(accept.Split(','), out var types)) return null;
        foreach (var type in types)
        {
            if (Parameter(type, "as") == "APIGroupDiscoveryList" && Parameter(type, "v") is "v2" or "v2beta1") return Parameter(type, "v");
            if (Parameter(type, "as").Length == 0 && type.MediaType.Value is "application/json" or "*/*") return null;
        }
        return null;
    }

    private static string Parameter(MediaTypeHeaderValue type, string name) =>
        type.Parameters.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value.Value ?? "";
}
