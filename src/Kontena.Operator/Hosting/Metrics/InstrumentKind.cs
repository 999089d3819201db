using System.Diagnostics.Metrics;

namespace Kontena.Operator.Hosting.Metrics;

/// <summary>The seven sorts of instrument of System.Diagnostics.Metrics.</summary>
internal enum InstrumentKind
{
    Counter,
    UpDownCounter,
    Gauge,
    Histogram,
    ObservableCounter,
    ObservableUpDownCounter,
    ObservableGauge,
}

internal static class InstrumentKinds
{
    /// <summary>Null for a class of instrument that this version does not know.</summary>
    public static InstrumentKind? Of(Instrument instrument)
    {
        var type = instrument.GetType();
        if (!type.IsGenericType) return null;
        var open = type.GetGenericTypeDefinition();
        if (open == typeof(Counter<>)) return InstrumentKind.Counter;
        if (open == typeof(UpDownCounter<>)) return InstrumentKind.UpDownCounter;
        if (open == typeof(Gauge<>)) return InstrumentKind.Gauge;
        if (open == typeof(Histogram<>)) return InstrumentKind.Histogram;
        if (open == typeof(ObservableCounter<>)) return InstrumentKind.ObservableCounter;
        if (open == typeof(ObservableUpDownCounter<>)) return InstrumentKind.ObservableUpDownCounter;
        return open == typeof(ObservableGauge<>) ? InstrumentKind.ObservableGauge : null;
    }

    /// <summary>The word of the <c># TYPE</c> line.</summary>
    public static string PrometheusType(this InstrumentKind kind) => kind switch
    {
        InstrumentKind.Counter or InstrumentKind.ObservableCounter => "counter",
        InstrumentKind.Histogram => "histogram",
        InstrumentKind.UpDownCounter or InstrumentKind.Gauge => "gauge",
        InstrumentKind.ObservableUpDownCounter or InstrumentKind.ObservableGauge => "gauge",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown instrument kind"),
    };

    /// <summary>Asked for its values at each scrape; what it no longer tells is gone.</summary>
    public static bool IsObserved(this InstrumentKind kind) =>
        kind is InstrumentKind.ObservableCounter or InstrumentKind.ObservableUpDownCounter or InstrumentKind.ObservableGauge;
}
