using System.Globalization;
using System.Text;

namespace Kontena.Benchmarks.Reporting;

/// <summary>The figures, a row each, a column for each API server and one for what needs none; printed as they come, and at the end as Markdown.</summary>
internal sealed class ResultTable
{
    /// <summary>The column of decisions in memory.</summary>
    public const string NoServer = "no server";

    private static readonly string[] columns = ["embedded", "real", NoServer];
    private readonly List<Row> rows = [];
    private readonly List<string> notes = [];

    public void Add(string engine, string what, FormattableString value, string target = "")
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        Console.WriteLine($"{engine}: {what}: {text}{(target.Length == 0 ? "" : $" (target {target})")}");
        var row = rows.Find(r => r.What == what);
        if (row is null) rows.Add(row = new Row(what, []));
        row.Values[engine] = target.Length == 0 ? text : $"{text} ({target})";
    }

    public void Note(FormattableString note)
    {
        var text = note.ToString(CultureInfo.InvariantCulture);
        Console.WriteLine(text);
        notes.Add(text);
    }

    public void Skipped(string scenario, string why) => Note($"{scenario} was skipped: {why}");

    public void Failed(string scenario, string why) => Note($"{scenario} FAILED: {why}");

    public string ToMarkdown()
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"| value (target) | {string.Join(" | ", columns)} |").AppendLine("|---|---|---|---|");
        foreach (var row in rows)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.What} | {string.Join(" | ", columns.Select(c => row.Values.GetValueOrDefault(c, "")))} |");
        text.AppendLine();
        foreach (var note in notes) text.AppendLine(CultureInfo.InvariantCulture, $"- {note}");
        return text.ToString();
    }

    private sealed record Row(string What, Dictionary<string, string> Values);
}
