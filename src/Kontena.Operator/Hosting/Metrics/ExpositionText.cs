using System.Globalization;
using System.Text;

namespace Kontena.Operator.Hosting.Metrics;

/// <summary>Writes the text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format.</summary>
internal sealed class ExpositionText
{
    private readonly StringBuilder text = new();

    public void Family(string name, string? help, string type)
    {
        if (!string.IsNullOrEmpty(help))
            text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace(@"\", @"\\").Replace("\n", @"\n")).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    public void Sample(string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    public void Bucket(string family, string labels, double bound, double count) =>
        Sample(family + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{Number(bound)}\"", count);

    public override string ToString() => text.ToString();

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
