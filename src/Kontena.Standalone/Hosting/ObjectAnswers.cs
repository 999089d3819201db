using System.Buffers;
using System.Globalization;
using Kontena.Standalone.Tables;
using Kontena.Standalone.Verbs;
using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Hosting;

/// <summary>Objects and lists in the form that the client accepts.</summary>
internal sealed class ObjectAnswers(TimeProvider time)
{
    public Task ObjectAsync(HttpContext context, ResourceDefinition resource, int code, JsonObject obj, CancellationToken ct)
    {
        var form = AcceptedForm.Read(context.Request.Headers.Accept);
        var body = form.Form switch
        {
            AnswerForm.Object => obj,
            AnswerForm.PartialMetadata => TableRenderer.PartialMetadata(obj, form.Version),
            AnswerForm.Table => TableRenderer.Render(resource, [obj], new JsonObject { ["resourceVersion"] = obj.ResourceVersion() },
                new TableForm(form.Version, Rows(context.Request)), time.GetUtcNow()),
            _ => throw new InvalidOperationException($"unknown form {form.Form}"),
        };
        return Answers.JsonAsync(context.Response, code, body, ct);
    }

    public async Task ListAsync(HttpContext context, ResourceDefinition resource, Listed listed, CancellationToken ct)
    {
        var metadata = new JsonObject { ["resourceVersion"] = listed.Version.ToString(CultureInfo.InvariantCulture) };
        var form = AcceptedForm.Read(context.Request.Headers.Accept);
        // Lists of custom kinds are written without a type that would leave an empty one out.
        if (listed.Continue is not null || (form.Form == AnswerForm.Object && !resource.BuiltIn)) metadata["continue"] = listed.Continue?.Encode() ?? "";
        if (listed.Remaining is not null) metadata["remainingItemCount"] = listed.Remaining;
        if (form.Form == AnswerForm.Table)
        {
            var table = TableRenderer.Render(resource, listed.Items.Select(i => Parse(i.Json, resource)), metadata,
                new TableForm(form.Version, Rows(context.Request)), time.GetUtcNow());
            await Answers.JsonAsync(context.Response, 200, table, ct);
            return;
        }
        var partial = form.Form == AnswerForm.PartialMetadata;
        var header = new JsonObject
        {
            ["kind"] = partial ? "PartialObjectMetadataList" : resource.ListKind,
            ["apiVersion"] = partial ? $"meta.k8s.io/{form.Version}" : resource.ApiVersion,
            ["metadata"] = metadata,
        };
        var items = listed.Items.Select(i => partial
            ? JsonText.Serialize(TableRenderer.PartialMetadata(JsonText.ParseObject(i.Json), form.Version))
            : StoredVersions.Convert(i.Json, resource));
        await Answers.BytesAsync(context.Response, 200, Join(JsonText.Serialize(header), items), "application/json", ct);
    }

    public static RowObject Rows(HttpRequest request) => request.Query["includeObject"].ToString() switch
    {
        "" or "Metadata" => RowObject.Metadata,
        "Object" => RowObject.Object,
        "None" => RowObject.None,
        var other => throw Fault.BadRequest($"unrecognized includeObject value: {other}"),
    };

    /// <summary>Puts the stored documents into the list as they are: parsing thousands to write them again would be the whole cost of a list.</summary>
    private static byte[] Join(byte[] header, IEnumerable<byte[]> items)
    {
        var buffer = new ArrayBufferWriter<byte>(64 << 10);
        buffer.Write(header.AsSpan(0, header.Length - 1));
        buffer.Write(",\"items\":["u8);
        var first = true;
        foreach (var item in items)
        {
            if (!first) buffer.Write(","u8);
            first = false;
            buffer.Write(item);
        }
        buffer.Write("]}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static JsonObject Parse(byte[] json, ResourceDefinition resource) => StoredVersions.Convert(JsonText.ParseObject(json), resource);
}
