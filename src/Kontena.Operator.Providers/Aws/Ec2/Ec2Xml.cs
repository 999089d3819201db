using System.Globalization;
using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>
/// Reads EC2's answers by local name: the namespace carries the API version, and emulators and older fixtures have others.
/// </summary>
internal static class Ec2Xml
{
    public static XElement? Child(this XElement? parent, string name) =>
        parent?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    /// <summary>Null where the element is missing or empty: EC2 writes both for "none".</summary>
    public static string? Text(this XElement? parent, string name) =>
        parent.Child(name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>The <c>item</c>s of a list; none where the list is missing.</summary>
    public static IEnumerable<XElement> Items(this XElement? parent, string list) =>
        parent.Child(list)?.Elements().Where(e => e.Name.LocalName == "item") ?? [];

    /// <summary>
    /// The list that an answer is about. EC2 writes it even when it is empty: without it the answer is not complete. Nor is it
    /// where the list is there twice or holds anything but items: passing over that would make a shorter list.
    /// </summary>
    /// <exception cref="FormatException">The list is missing or damaged.</exception>
    public static IEnumerable<XElement> RequiredItems(this XElement answer, string list)
    {
        var lists = answer.Elements().Where(e => e.Name.LocalName == list).Take(2).ToList();
        if (lists.Count != 1) throw new FormatException(lists.Count == 0 ? $"the answer has no {list}" : $"the answer has more than one {list}");
        if (lists[0].Elements().Any(e => e.Name.LocalName != "item") || lists[0].Nodes().OfType<XText>().Any(t => !string.IsNullOrWhiteSpace(t.Value)))
            throw new FormatException($"the answer's {list} holds something that is no item");
        return lists[0].Elements();
    }

    /// <summary>Text without which an item says nothing. Leaving the item out instead would make a shorter list.</summary>
    /// <exception cref="FormatException">The text is missing.</exception>
    public static string RequiredText(this XElement item, string name) =>
        item.Text(name) ?? throw new FormatException($"an item of the answer has no {name}");

    public static int? Number(this XElement? parent, string name) =>
        int.TryParse(parent.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool Flag(this XElement? parent, string name) => parent.Text(name) == "true";

    public static DateTimeOffset? Time(this XElement? parent, string name) =>
        DateTimeOffset.TryParse(parent.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    /// <summary>The last of two equal keys wins; EC2 itself has each key once.</summary>
    public static IReadOnlyDictionary<string, string> Tags(this XElement? parent)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in parent.Items("tagSet"))
            if (item.Text("key") is { } key)
                tags[key] = item.Child("value")?.Value ?? "";
        return tags;
    }
}
