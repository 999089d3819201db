using System.Xml;
using System.Xml.Linq;

namespace Kontena.Fuzz.Targets;

/// <summary>What an answer of EC2 says to a strict reader: only a whole, well-formed listing says anything about machines.</summary>
internal static class Ec2Oracle
{
    /// <summary>The instances of a whole listing (an empty text for one without an id); null where the body is anything else.</summary>
    public static IReadOnlyList<string>? Instances(Ec2Input answer)
    {
        if (answer.Status != 200 || Load(answer.Body) is not { } root || root.Name.LocalName != "DescribeInstancesResponse") return null;
        return Items(root, "reservationSet")?.Select(r => Items(r, "instancesSet")).ToList() is { } lists && lists.All(l => l is not null)
            ? [.. lists.SelectMany(l => l!).Select(i => Children(i, "instanceId").FirstOrDefault()?.Value.Trim() ?? "")]
            : null;
    }

    /// <summary>Whether EC2 refuses an instance id as one that it does not know.</summary>
    public static bool SaysNotFound(Ec2Input answer) => answer.Status is 400 or 404 && Load(answer.Body) is { } root
        && Children(Children(Children(root, "Errors").FirstOrDefault(), "Error").FirstOrDefault(), "Code").FirstOrDefault()?.Value.Trim() == "InvalidInstanceID.NotFound";

    /// <summary>A list that is there once and holds items and nothing else.</summary>
    private static List<XElement>? Items(XElement parent, string list)
    {
        if (Children(parent, list).ToList() is not [var only]) return null;
        if (only.Nodes().OfType<XText>().Any(t => !string.IsNullOrWhiteSpace(t.Value))) return null;
        return only.Elements().All(e => e.Name.LocalName == "item") ? [.. only.Elements()] : null;
    }

    private static IEnumerable<XElement> Children(XElement? parent, string name) => parent?.Elements().Where(e => e.Name.LocalName == name) ?? [];

    private static XElement? Load(byte[] body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
