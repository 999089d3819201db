namespace Kontena.Operator.Hosting.Metrics;

/// <summary>What <see cref="PrometheusRegistry"/> listens to.</summary>
public sealed record MetricsOptions
{
    /// <summary>Names of meters; a name that ends in <c>*</c> stands for all that begin so.</summary>
    public IReadOnlyList<string> Meters { get; init; } = ["kontena.*", "System.Runtime"];

    /// <summary>Kestrel's own meter, for those who run <c>standalone</c> under load.</summary>
    public const string KestrelMeter = "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>How many series an instrument may have before the rest share one.</summary>
    public int MaxSeries { get; init; } = 2_000;

    internal bool Includes(string meter) => Meters.Any(name =>
        name.EndsWith('*') ? meter.StartsWith(name[..^1], StringComparison.Ordinal) : meter == name);
}
