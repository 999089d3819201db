using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;

namespace Kontena.Operator.Hosting.Logging;

/// <summary>Renders a template with strings as they are; Serilog's own rendering puts them in quotes.</summary>
internal static class LogMessage
{
    public const string Category = "SourceContext";

    public static string Of(LogEvent entry)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in entry.MessageTemplate.Tokens)
        {
            if (token is PropertyToken hole && entry.Properties.TryGetValue(hole.PropertyName, out var value)) Write(value, hole.Format, text);
            else token.Render(entry.Properties, text, CultureInfo.InvariantCulture);
        }
        return text.ToString();
    }

    public static void Write(LogEventPropertyValue value, string? format, TextWriter into)
    {
        if (value is ScalarValue { Value: string text }) into.Write(text);
        else value.Render(into, format, CultureInfo.InvariantCulture);
    }

    /// <summary>What the scopes and enrichers added and the sentence does not say, by name.</summary>
    public static IEnumerable<KeyValuePair<string, LogEventPropertyValue>> Context(LogEvent entry)
    {
        var said = entry.MessageTemplate.Tokens.OfType<PropertyToken>().Select(hole => hole.PropertyName).ToHashSet(StringComparer.Ordinal);
        return entry.Properties
            .Where(property => property.Key is not (Category or "EventId" or "Scope") && !said.Contains(property.Key))
            .OrderBy(property => property.Key, StringComparer.Ordinal);
    }
}
