using System.Buffers;
using System.Globalization;
using Kontena.Standalone.Tables;
using Kontena.Standalone.Verbs;

namespace Kontena.Standalone.Watches;

/// <summary>Writes the lines of one watch: in the form that was asked for, column definitions in the first table only.</summary>
internal sealed class WatchFrames(ResourceDefinition resource, AcceptedForm form, RowObject rows, TimeProvider time, IBufferWriter<byte> output)
{
    private bool columnsSent;

    /// <summary>Bytes written since the last flush.</summary>
    public long Unflushed { get; set; }

    public void Write(string type, byte[] stored)
    {
        var json = StoredVersions.Convert(stored, resource);
        WriteRaw(type, form.Form == AnswerForm.Object ? json : JsonText.Serialize(Shape(JsonText.ParseObject(json))));
    }

    public void WriteBookmark(long version, bool endOfInitialEvents)
    {
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (endOfInitialEvents) metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        var bookmark = new JsonObject { ["kind"] = resource.Kind, ["apiVersion"] = resource.ApiVersion, ["metadata"] = metadata };
        if (form.Form == AnswerForm.Table)
        {
            bookmark = TableRenderer.Render(resource, [], metadata.Copy(), new TableForm(form.Version, rows, !columnsSent), time.GetUtcNow());
            columnsSent = true;
        }
        WriteRaw("BOOKMARK", JsonText.Serialize(bookmark));
    }

    public void WriteError(JsonObject status) => WriteRaw("ERROR", JsonText.Serialize(status));

    /// <summary>What a change means to a watch with a selector: entering it is ADDED, leaving it is DELETED. Null: not concerned.</summary>
    public static (string Type, byte[] Json)? Interpret(Change change, ObjectSelector selector)
    {
        if (!selector.Covers(change.Key)) return null;
        var before = change.Previous is not null && (selector.SelectsAll || selector.Matches(change.PreviousDocument!));
        var after = change.Kind != ChangeKind.Deleted && (selector.SelectsAll || selector.Matches(change.Document));
        return (before, after) switch
        {
            (false, true) => ("ADDED", change.Json),
            (true, true) => ("MODIFIED", change.Json),
            (true, false) when change.Kind == ChangeKind.Deleted => ("DELETED", change.Json),
            (true, false) => ("DELETED", Left(change)),
            (false, false) => null,
        };
    }

    /// <summary>The object as the watcher knew it, under the version at which it left: so that the watcher's version goes on.</summary>
    private static byte[] Left(Change change)
    {
        var last = change.PreviousDocument!.Copy();
        last.Metadata()["resourceVersion"] = change.Version.ToString(CultureInfo.InvariantCulture);
        return JsonText.Serialize(last);
    }

    private JsonObject Shape(JsonObject obj)
    {
        if (form.Form == AnswerForm.PartialMetadata) return TableRenderer.PartialMetadata(obj, form.Version);
        var metadata = new JsonObject { ["resourceVersion"] = obj.ResourceVersion() };
        var table = TableRenderer.Render(resource, [obj], metadata, new TableForm(form.Version, rows, !columnsSent), time.GetUtcNow());
        columnsSent = true;
        return table;
    }

    private void WriteRaw(string type, byte[] json)
    {
        output.Write("{\"type\":\""u8);
        output.Write(System.Text.Encoding.ASCII.GetBytes(type));
        output.Write("\",\"object\":"u8);
        output.Write(json);
        output.Write("}\n"u8);
        Unflushed += json.Length;
    }
}
