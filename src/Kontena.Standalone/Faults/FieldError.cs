namespace Kontena.Standalone.Faults;

/// <summary>One cause of a 422: a <c>field.Error</c> of apimachinery with the <c>metav1.CauseType</c> as its reason.</summary>
internal sealed record FieldError(string Path, string Reason, string Message)
{
    public const string TypeInvalidReason = "FieldValueTypeInvalid";

    /// <summary>What apiextensions-apiserver names as the field of a fault that it finds by a junctor or by the format of a number.</summary>
    public const string Unnamed = "<nil>";

    /// <summary>The path as the answer gives it; <see cref="Path"/> says where the fault is.</summary>
    public string Field { get; init; } = Path;

    /// <summary>The value is of another JSON type, or an item is there twice: nobody can say what it would mean, whatever its bounds and formats.</summary>
    public bool OfShape { get; init; }

    public override string ToString() => Field.Length == 0 ? Message : $"{Field}: {Message}";

    public static FieldError Invalid(string path, JsonNode? value, string detail) =>
        new(path, "FieldValueInvalid", $"Invalid value: {Show(value)}: {detail}");

    public static FieldError TypeInvalid(string path, JsonNode? shown, string detail) =>
        new(path, TypeInvalidReason, $"Invalid value: {Show(shown)}: {detail}");

    public static FieldError Required(string path, string detail = "") =>
        new(path, "FieldValueRequired", detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    public static FieldError NotSupported(string path, JsonNode? value, IEnumerable<JsonNode?> supported) =>
        new(path, "FieldValueNotSupported", $"Unsupported value: {Show(value)}: supported values: {string.Join(", ", supported.Select(Show))}");

    public static FieldError Duplicate(string path, JsonNode? value) => new(path, "FieldValueDuplicate", $"Duplicate value: {Show(value)}") { OfShape = true };

    public static FieldError Forbidden(string path, string detail) => new(path, "FieldValueForbidden", $"Forbidden: {detail}");

    public static FieldError TooLong(string path, long most) =>
        new(path, "FieldValueTooLong", $"Too long: may not be more than {most} bytes");

    public static FieldError TooMany(string path, long count, long most) =>
        new(path, "FieldValueTooMany", $"Too many: {count}: must have at most {most} items");

    private static string Show(JsonNode? value) => JsonText.SerializeToString(value);
}
