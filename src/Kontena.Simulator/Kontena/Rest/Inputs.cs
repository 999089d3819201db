using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>The fields of a body, checked as the mutations do (kontena server/app/mutations). What is wrong is a 422 with the field's name.</summary>
internal static partial class Inputs
{
    [GeneratedRegex(@"\A[A-Za-z0-9_-]+\z")]
    private static partial Regex Word();

    public static string? Text(this JsonObject body, string field) => body[field] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.ToJsonString(),
        _ => throw RestRefusal.Invalid(field, $"{Title(field)} isn't a string"),
    };

    public static string Name(this JsonObject body, int shortest = 1)
    {
        var name = body.Text("name");
        if (string.IsNullOrEmpty(name)) throw RestRefusal.Invalid("name", "Name is required");
        if (name.Length < shortest) throw RestRefusal.Invalid("name", "Name is too short");
        return Word().IsMatch(name) ? name : throw RestRefusal.Invalid("name", "Name isn't in the right format");
    }

    /// <summary>A node token of 16 to 256 characters; null where there is none.</summary>
    public static string? Token(this JsonObject body)
    {
        var token = body.Text("token");
        if (token is { Length: < 16 }) throw RestRefusal.Invalid("token", "is too short (minimum is 16 characters)");
        return token is { Length: > 256 } ? throw RestRefusal.Invalid("token", "is too long (maximum is 256 characters)") : token;
    }

    public static IReadOnlyList<string>? Texts(this JsonObject body, string field) => body[field] switch
    {
        null => null,
        JsonArray array when array.All(e => e?.GetValueKind() == JsonValueKind.String) => [.. array.Select(e => e!.GetValue<string>())],
        _ => throw RestRefusal.Invalid(field, $"{Title(field)} isn't an array"),
    };

    public static int Number(this JsonObject body, string field, int otherwise, int least, int most)
    {
        if (body[field] is not { } node) return otherwise;
        if (node is not JsonValue value || !value.TryGetValue(out int number)) throw RestRefusal.Invalid(field, $"{Title(field)} isn't an integer");
        if (number < least) throw RestRefusal.Invalid(field, $"{Title(field)} is too small");
        return number > most ? throw RestRefusal.Invalid(field, $"{Title(field)} is too big") : number;
    }

    public static bool Flag(this JsonObject body, string field) => body[field]?.GetValueKind() == JsonValueKind.True;

    public static string? Subnet(this JsonObject body, string field)
    {
        var text = body.Text(field);
        return text is null || IsSubnet(text) ? text : throw RestRefusal.Invalid(field, $"invalid address: {text}");
    }

    /// <summary>An address, with or without a length of its prefix; IPAddr takes both.</summary>
    public static bool IsSubnet(string text) => IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _)
        || (text.Split('/') is [var address, var prefix] && IPAddress.TryParse(address, out _) && byte.TryParse(prefix, out var bits) && bits <= 128);

    private static string Title(string field) => char.ToUpperInvariant(field[0]) + field[1..].Replace('_', ' ');
}
