using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kontena.Kubernetes.Resources.Core;

/// <summary>
/// metav1.MicroTime: RFC 3339 in UTC with exactly six fractional digits. The API server's parser for this type refuses
/// a fraction of any other length, so the seven digits that .NET writes by itself would be a 400.
/// </summary>
public sealed class MicroTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
}
