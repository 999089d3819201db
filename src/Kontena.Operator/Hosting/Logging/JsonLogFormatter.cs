using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;

namespace Kontena.Operator.Hosting.Logging;

/// <summary>
/// One JSON object a line: <c>time</c> (RFC 3339, UTC), <c>level</c>, <c>logger</c>, <c>message</c>, then every property by
/// its own name, then <c>exception</c> {type, message, stack, cause}. Serilog.Formatting.Compact cannot be restored here, and
/// Serilog's JsonFormatter writes local time and hides the properties one level down.
/// </summary>
internal sealed class JsonLogFormatter : ITextFormatter
{
    // Relaxed: log lines never stand in HTML. Control characters and line separators stay escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options)) WriteEvent(logEvent, json);
        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }

    private static void WriteEvent(LogEvent entry, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("time", entry.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("level", Level(entry.Level));
        if (entry.Properties.TryGetValue(LogMessage.Category, out var category)) WriteNamed("logger", category, json);
        json.WriteString("message", LogMessage.Of(entry));
        foreach (var (name, value) in entry.Properties.Where(p => p.Key is not (LogMessage.Category or "EventId")).OrderBy(p => p.Key, StringComparer.Ordinal))
            WriteNamed(name is "time" or "level" or "logger" or "message" or "exception" ? name + "_" : name, value, json);
        if (entry.Exception is { } fault) WriteFault("exception", fault, json);
        json.WriteEndObject();
    }

    private static void WriteNamed(string name, LogEventPropertyValue value, Utf8JsonWriter json)
    {
        json.WritePropertyName(name);
        WriteValue(value, json);
    }

    private static void WriteValue(LogEventPropertyValue value, Utf8JsonWriter json)
    {
        switch (value)
        {
            case ScalarValue scalar:
                WriteScalar(scalar.Value, json);
                break;
            case SequenceValue sequence:
                json.WriteStartArray();
                foreach (var element in sequence.Elements) WriteValue(element, json);
                json.WriteEndArray();
                break;
            case StructureValue structure:
                json.WriteStartObject();
                foreach (var property in structure.Properties) WriteNamed(property.Name, property.Value, json);
                json.WriteEndObject();
                break;
            case DictionaryValue dictionary:
                json.WriteStartObject();
                foreach (var (key, element) in dictionary.Elements)
                    WriteNamed(Convert.ToString(key.Value, CultureInfo.InvariantCulture) ?? "", element, json);
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(value.ToString(null, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteScalar(object? value, Utf8JsonWriter json)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case sbyte or byte or short or ushort or int or uint or long: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case ulong large: json.WriteNumberValue(large); break;
            case decimal exact: json.WriteNumberValue(exact); break;
            case float or double when double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture)):
                json.WriteNumberValue(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset moment: json.WriteStringValue(moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)); break;
            case DateTime moment: json.WriteStringValue(moment.ToString("O", CultureInfo.InvariantCulture)); break;
            case IFormattable other: json.WriteStringValue(other.ToString(null, CultureInfo.InvariantCulture)); break;
            default: json.WriteStringValue(value.ToString()); break;
        }
    }

    private static void WriteFault(string name, Exception fault, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        json.WriteString("type", fault.GetType().FullName);
        json.WriteString("message", fault.Message);
        if (fault.StackTrace is { } stack) json.WriteString("stack", stack);
        if (fault.InnerException is { } cause) WriteFault("cause", cause, json);
        json.WriteEndObject();
    }

    private static string Level(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warn",
        LogEventLevel.Error => "error",
        LogEventLevel.Fatal => "critical",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "unknown level"),
    };
}
