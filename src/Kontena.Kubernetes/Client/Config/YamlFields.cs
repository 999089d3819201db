using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Kontena.Kubernetes.Client.Config;

/// <summary>A mapping of a YAML document that knows its path, so that every complaint names the field and never its value.</summary>
internal sealed class YamlFields(YamlMappingNode node, string path, string file)
{
    public Origin Origin => new(file, path.Length == 0 ? null : path);

    public KubeConfigFault Fault(string field, string problem) => Origin.Fault(field, problem);

    public bool Has(string field) => Find(field) is not null;

    public string? Text(string field) => Find(field) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value,
        _ => throw Fault(field, "must be text"),
    };

    public string Required(string field) => Text(field) is { Length: > 0 } text ? text : throw Fault(field, "is missing");

    public bool Flag(string field) => Text(field) switch
    {
        null or "" or "false" => false,
        "true" => true,
        _ => throw Fault(field, "must be true or false"),
    };

    /// <summary>A path, absolute or counted from the folder of the file.</summary>
    public string? FilePath(string field) => Text(field) is { Length: > 0 } text ? FromFolder(field, text) : null;

    /// <summary>A program: a bare name is left for PATH, a relative path counts from the folder of the file.</summary>
    public string CommandPath(string field)
    {
        var text = Required(field);
        return text.Contains('/', StringComparison.Ordinal) || text.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? FromFolder(field, text)
            : text;
    }

    public YamlFields? Mapping(string field) => Find(field) switch
    {
        null => null,
        YamlMappingNode mapping => new YamlFields(mapping, Under(field), file),
        _ => throw Fault(field, "must be a mapping"),
    };

    public IReadOnlyList<YamlFields> Items(string field) =>
        [.. Sequence(field).Select((item, index) => item is YamlMappingNode mapping
            ? new YamlFields(mapping, $"{Under(field)}[{index}]", file)
            : throw Fault($"{field}[{index}]", "must be a mapping"))];

    public IReadOnlyList<string> Texts(string field) =>
        [.. Sequence(field).Select((item, index) => item is YamlScalarNode scalar
            ? scalar.Value ?? ""
            : throw Fault($"{field}[{index}]", "must be text"))];

    /// <summary>The entries of <c>clusters</c>, <c>users</c>, <c>contexts</c>: a name beside a body.</summary>
    public IReadOnlyList<(string Name, YamlFields Body)> Named(string list, string body)
    {
        var entries = new List<(string Name, YamlFields Body)>();
        foreach (var item in Items(list))
        {
            var name = item.Required("name");
            var named = new YamlFields(item.Node, $"{Under(list)}[name={name}]", file);
            if (entries.Any(e => e.Name == name)) throw named.Fault("name", "is there twice");
            entries.Add((name, named.Mapping(body) ?? throw named.Fault(body, "is missing")));
        }
        return entries;
    }

    public JsonNode? Json(string field) => Find(field) is { } found ? YamlToJson.Convert(found, Origin, field) : null;

    private YamlMappingNode Node => node;

    private string Under(string field) => path.Length == 0 ? field : $"{path}.{field}";

    private string FromFolder(string field, string text) => text.Contains('\0', StringComparison.Ordinal)
        ? throw Fault(field, "holds a NUL, which no path can")
        : Path.GetFullPath(text, Path.GetDirectoryName(Path.GetFullPath(file)) ?? Path.GetFullPath("/"));

    private IEnumerable<YamlNode> Sequence(string field) => Find(field) switch
    {
        null => [],
        YamlSequenceNode sequence => sequence.Children,
        _ => throw Fault(field, "must be a list"),
    };

    // A plain "null", "~" or nothing at all is how YAML says that a field is absent.
    private YamlNode? Find(string field) => node.Children.TryGetValue(new YamlScalarNode(field), out var found) && !YamlToJson.IsNull(found) ? found : null;
}
