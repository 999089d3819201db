using Kontena.EndToEnd.Crash.Recording;

namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>How a run went.</summary>
/// <param name="Calls">Of the first operator, while it was written down.</param>
/// <param name="IsMissed">The point of the fate never came, so the run says nothing.</param>
internal sealed record RunReport(IReadOnlyList<CallPoint> Calls, bool IsMissed, IReadOnlyList<string> Violations)
{
    /// <summary>Cluster, cloud and log at the moment where it went wrong; empty where it went well.</summary>
    public string State { get; init; } = "";
}
