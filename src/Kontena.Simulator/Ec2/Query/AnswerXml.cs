using System.Globalization;
using System.Text;
using System.Xml;

namespace Kontena.Simulator.Ec2.Query;

/// <summary>Writes an answer document: elements by name, lists as <c>item</c>s, values in the API's formats.</summary>
internal sealed class AnswerXml : IDisposable
{
    private const string Namespace = "http://ec2.amazonaws.com/doc/2016-11-15/";
    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false), CheckCharacters = true };
    private readonly MemoryStream bytes = new();
    private readonly XmlWriter xml;

    private AnswerXml() => xml = XmlWriter.Create(bytes, Settings);

    /// <summary>The answer of an EC2 action: <c>ActionResponse</c> with the request id first.</summary>
    public static byte[] Answer(string action, string requestId, Action<AnswerXml> content) => Document(action + "Response", Namespace, root =>
    {
        root.Text("requestId", requestId);
        content(root);
    });

    public static byte[] Document(string name, string? xmlNamespace, Action<AnswerXml> content)
    {
        using var answer = new AnswerXml();
        answer.xml.WriteStartDocument();
        answer.xml.WriteStartElement(name, xmlNamespace);
        content(answer);
        answer.xml.WriteEndElement();
        answer.xml.WriteEndDocument();
        answer.xml.Flush();
        return answer.bytes.ToArray();
    }

    /// <summary>Writes nothing where the value is null: EC2 leaves such elements out.</summary>
    public void Text(string name, string? value)
    {
        if (value is not null) xml.WriteElementString(name, null, Printable(value));
    }

    public void Number(string name, long value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    public void Flag(string name, bool value) => Text(name, value ? "true" : "false");

    public void Time(string name, DateTimeOffset value) =>
        Text(name, value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public void Element(string name, Action content)
    {
        xml.WriteStartElement(name);
        content();
        xml.WriteEndElement();
    }

    public void List<T>(string name, IEnumerable<T> items, Action<T> content, string item = "item") => Element(name, () =>
    {
        foreach (var each in items) Element(item, () => content(each));
    });

    /// <summary>A list of plain values.</summary>
    public void Values(string name, IEnumerable<string> values, string item = "item") => Element(name, () =>
    {
        foreach (var value in values) Text(item, value);
    });

    public void Tags(IEnumerable<KeyValuePair<string, string>> tags) => List("tagSet", tags, tag =>
    {
        Text("key", tag.Key);
        Text("value", tag.Value);
    });

    public void Dispose()
    {
        xml.Dispose();
        bytes.Dispose();
    }

    /// <summary>A message may quote what a caller sent, and not every character can stand in XML.</summary>
    private static string Printable(string value)
    {
        if (value.All(XmlConvert.IsXmlChar)) return value;
        var text = new StringBuilder(value.Length);
        // Rune by rune: half of a surrogate pair is no XML character, the pair is.
        foreach (var rune in value.EnumerateRunes())
            text.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        return text.ToString();
    }
}
