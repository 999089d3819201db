using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kontena.Operator.Resources;

/// <summary><c>metav1.Time</c>: RFC 3339 in UTC, whole seconds, e.g. <c>2026-01-02T03:04:05Z</c>. Reads any RFC 3339.</summary>
internal sealed class KubernetesTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
