using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Contract;

/// <summary>The official model of the EC2 API: which keys a request may have, and what an answer's elements are called and hold.</summary>
internal sealed class ServiceModel
{
    private readonly JsonElement operations;
    private readonly JsonElement shapes;

    private ServiceModel(JsonElement root) => (operations, shapes) = (root.GetProperty("operations"), root.GetProperty("shapes"));

    public static ServiceModel Load() =>
        new(JsonDocument.Parse(File.ReadAllBytes(RepositoryFolders.RequireSpecs("aws/ec2-2016-11-15.service-2.trimmed.json"))).RootElement);

    /// <summary>The type of the input that a key pattern (<c>TagSpecification.N.Tag.N.Key</c>) leads to; null where it leads nowhere.</summary>
    public string? InputType(string operation, string pattern)
    {
        var shape = Shape(operations.GetProperty(operation).GetProperty("input"));
        foreach (var part in pattern.Split('.'))
        {
            if (Type(shape) == "list")
            {
                if (part != "N") return null;
                shape = Shape(shape.GetProperty("member"));
            }
            else if (Type(shape) == "structure" && Member(shape, part, QueryKey) is { } member) shape = Shape(member);
            else return null;
        }
        return Type(shape);
    }

    /// <summary>The enumeration behind an input; empty where it is open.</summary>
    public IReadOnlyList<string> InputEnum(string operation, string pattern)
    {
        var shape = Shape(operations.GetProperty(operation).GetProperty("input"));
        foreach (var part in pattern.Split('.'))
            shape = part == "N" ? Shape(shape.GetProperty("member")) : Shape(Member(shape, part, QueryKey) ?? throw new InvalidOperationException(pattern));
        return shape.TryGetProperty("enum", out var values) ? [.. values.EnumerateArray().Select(v => v.GetString() ?? "")] : [];
    }

    /// <summary>All that an answer has and the model has not, or has as another type.</summary>
    public IReadOnlyList<string> Differences(string operation, XElement answer)
    {
        var found = new List<string>();
        if (!operations.GetProperty(operation).TryGetProperty("output", out var output)) return found;
        // The request id is the protocol's, not the operation's.
        Walk(answer.Elements().Where(e => e.Name.LocalName != "requestId"), Shape(output), operation, found);
        return found;
    }

    private void Walk(IEnumerable<XElement> elements, JsonElement structure, string path, List<string> found)
    {
        foreach (var element in elements)
        {
            var here = $"{path}/{element.Name.LocalName}";
            if (Member(structure, element.Name.LocalName, LocationName) is not { } member) found.Add($"{here}: not in the model");
            else Value(element, Shape(member), here, found);
        }
    }

    private void Value(XElement element, JsonElement shape, string path, List<string> found)
    {
        switch (Type(shape))
        {
            case "structure":
                Walk(element.Elements(), shape, path, found);
                break;
            case "list":
                var item = shape.GetProperty("member");
                var name = item.TryGetProperty("locationName", out var location) ? location.GetString() : "member";
                foreach (var each in element.Elements())
                    if (each.Name.LocalName != name) found.Add($"{path}/{each.Name.LocalName}: items are called {name}");
                    else Value(each, Shape(item), $"{path}/{name}", found);
                break;
            default:
                if (element.HasElements || !Fits(element.Value, shape)) found.Add($"{path}: '{element.Value}' is no {Type(shape)} of the model");
                break;
        }
    }

    private static bool Fits(string value, JsonElement shape) => Type(shape) switch
    {
        "string" => !shape.TryGetProperty("enum", out var values) || values.EnumerateArray().Any(v => v.GetString() == value),
        "integer" => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "long" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "boolean" => value is "true" or "false",
        "timestamp" => DateTimeOffset.TryParseExact(value, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        var type => throw new InvalidOperationException($"The walk does not know the type {type}."),
    };

    private static JsonElement? Member(JsonElement structure, string key, Func<JsonProperty, string> nameOf)
    {
        foreach (var member in structure.GetProperty("members").EnumerateObject())
            if (nameOf(member) == key) return member.Value;
        return null;
    }

    private static string QueryKey(JsonProperty member)
    {
        if (member.Value.TryGetProperty("queryName", out var query)) return query.GetString() ?? "";
        if (!member.Value.TryGetProperty("locationName", out _)) return member.Name;
        var name = LocationName(member);
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    private static string LocationName(JsonProperty member) =>
        member.Value.TryGetProperty("locationName", out var location) ? location.GetString() ?? "" : member.Name;

    private JsonElement Shape(JsonElement reference) => shapes.GetProperty(reference.GetProperty("shape").GetString() ?? "");

    private static string Type(JsonElement shape) => shape.GetProperty("type").GetString() ?? "";
}
