namespace Kontena.Operator.Hosting.Metrics;

/// <summary>Names as Prometheus wants them: https://prometheus.io/docs/practices/naming/.</summary>
internal static class MetricName
{
    /// <summary>
    /// <c>kontena.kubernetes</c> + <c>reconciles</c> → <c>kontena_kubernetes_reconciles_total</c>.
    /// Framework meters (System.*, Microsoft.*) leave the meter's name out: their instrument names are the semantic conventions
    /// of OpenTelemetry, and existing dashboards look for <c>dotnet_…</c> and <c>kestrel_…</c>.
    /// </summary>
    public static string Of(string meter, string instrument, string? unit, InstrumentKind kind)
    {
        var name = Valid(instrument);
        var prefix = IsFramework(meter) ? "" : Valid(meter) + "_";
        if (!name.StartsWith(prefix, StringComparison.Ordinal)) name = prefix + name;
        var counts = kind is InstrumentKind.Counter or InstrumentKind.ObservableCounter;
        if (counts && name.EndsWith("_total", StringComparison.Ordinal)) name = name[..^"_total".Length];
        var suffix = UnitSuffix(unit);
        if (suffix.Length > 0 && !name.EndsWith(suffix, StringComparison.Ordinal)) name += suffix;
        return counts ? name + "_total" : name;
    }

    /// <summary>A label's name. <c>le</c> belongs to the buckets of histograms.</summary>
    public static string OfLabel(string tag)
    {
        var name = Valid(tag).Replace(':', '_');
        return name == "le" ? "le_" : name;
    }

    public static bool IsValid(string name) => name.Length > 0 && Valid(name) == name;

    private static bool IsFramework(string meter) =>
        meter.StartsWith("System.", StringComparison.Ordinal) || meter.StartsWith("Microsoft.", StringComparison.Ordinal);

    // Units come in UCUM (https://ucum.org): "{reconciles}" is an annotation, not a unit.
    private static string UnitSuffix(string? unit) => unit switch
    {
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "By" => "_bytes",
        "%" => "_percent",
        _ => "",
    };

    private static string Valid(string name)
    {
        var text = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':' ? c : '_'));
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }
}
