using System.Text.Json;
using System.Xml.Linq;
using Kontena.TestKit;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>AWS's own description of EC2's wire format, where this machine has it.</summary>
internal sealed class Ec2Model
{
    private readonly JsonElement root;

    private Ec2Model(JsonElement root) => this.root = root;

    public static Ec2Model Load() =>
        new(JsonDocument.Parse(File.ReadAllText(RepositoryFolders.RequireSpecs("aws/ec2-2016-11-15.service-2.trimmed.json"))).RootElement);

    public JsonElement Input(string action) => Shape(Operation(action).GetProperty("input"));

    public JsonElement Output(string action) => Shape(Operation(action).GetProperty("output"));

    /// <summary>Null where the field is one of the action's; else what is wrong with it.</summary>
    public string? Judge(string action, string field, string value)
    {
        var shape = Input(action);
        foreach (var part in field.Split('.'))
        {
            switch (Type(shape))
            {
                case "structure":
                    if (Members(shape).Where(m => RequestName(m) == part).Select(m => (JsonElement?)m.Value).FirstOrDefault() is not { } member)
                        return $"{action} has no {part} (of {field})";
                    shape = Shape(member);
                    break;
                case "list":
                    if (!int.TryParse(part, out var number) || number < 1) return $"{field}: {part} is not a place in a list";
                    shape = Shape(shape.GetProperty("member"));
                    break;
                default:
                    return $"{field}: {part} is below a plain value";
            }
        }
        return JudgeValue(shape, field, value);
    }

    public IEnumerable<string> TokenFields(string action) =>
        Members(Input(action)).Where(m => m.Value.TryGetProperty("idempotencyToken", out var flag) && flag.GetBoolean()).Select(RequestName);

    /// <summary>An answer with every member there is, once.</summary>
    public XElement FullAnswer(string action)
    {
        var answer = new XElement($"{action}Response");
        Fill(answer, Output(action), depth: 0);
        return answer;
    }

    private static string? JudgeValue(JsonElement shape, string field, string value) => Type(shape) switch
    {
        "structure" or "list" => $"{field} is not a plain value",
        "integer" when !int.TryParse(value, out _) => $"{field}: {value} is no integer",
        "boolean" when value is not ("true" or "false") => $"{field}: {value} is no boolean",
        "string" when shape.TryGetProperty("enum", out var allowed) && !shape.GetProperty("enum").EnumerateArray().Any(e => e.GetString() == value) => $"{field}: {value} is none of {allowed}",
        _ => null,
    };

    private void Fill(XElement parent, JsonElement shape, int depth)
    {
        if (depth > 8) return;
        foreach (var member in Members(shape))
        {
            var name = member.Value.TryGetProperty("locationName", out var location) ? location.GetString()! : member.Name;
            var element = new XElement(name);
            FillValue(element, Shape(member.Value), depth + 1);
            parent.Add(element);
        }
    }

    private void FillValue(XElement element, JsonElement shape, int depth)
    {
        switch (Type(shape))
        {
            case "structure":
                Fill(element, shape, depth);
                break;
            case "list":
                var member = shape.GetProperty("member");
                var item = new XElement(member.TryGetProperty("locationName", out var location) ? location.GetString()! : "member");
                FillValue(item, Shape(member), depth + 1);
                element.Add(item);
                break;
            default:
                // An image's creationDate is a string in the model, and a time in its documentation and in every answer.
                var isTime = Type(shape) == "timestamp" || element.Name.LocalName == "creationDate";
                element.Value = isTime ? "2026-01-02T03:04:05.000Z" : Type(shape) switch { "boolean" => "true", "string" => "text", _ => "16" };
                break;
        }
    }

    /// <summary>The EC2 protocol's rule for request names.</summary>
    private static string RequestName(JsonProperty member)
    {
        if (member.Value.TryGetProperty("queryName", out var query)) return query.GetString()!;
        if (!member.Value.TryGetProperty("locationName", out var location)) return member.Name;
        var name = location.GetString()!;
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    private JsonElement Operation(string action) => root.GetProperty("operations").GetProperty(action);

    private JsonElement Shape(JsonElement reference) => root.GetProperty("shapes").GetProperty(reference.GetProperty("shape").GetString()!);

    private static string Type(JsonElement shape) => shape.GetProperty("type").GetString()!;

    private static JsonElement.ObjectEnumerator Members(JsonElement shape) => shape.GetProperty("members").EnumerateObject();
}
