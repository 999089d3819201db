using System.Globalization;
using Kontena.Simulator.Calls;
using Kontena.Simulator.Faults;

namespace Kontena.Simulator.Kontena;

/// <summary>What is written down of a call: who asked for what, never a body or a token.</summary>
/// <param name="User">The name of the access token.</param>
internal sealed record WireCall(string Action, string? Grid, string? Node, string? User);

/// <summary>The Master's calls as the fault book and the ledger know them: cloud <c>kontena</c>.</summary>
internal sealed class WireLedger(FaultBook faults, CallLedger calls, MasterClock clock)
{
    public const string Cloud = "kontena";
    private long requests;

    public IReadOnlyList<FaultEntry> Strike(WireCall call) => faults.StrikeRequest(new FaultSubject(Cloud, call.Action, null, null));

    public void Record(WireCall call, IReadOnlyList<FaultEntry> struck, int status, string? code)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (call.Grid is not null) parameters["grid"] = call.Grid;
        if (call.Node is not null) parameters["node"] = call.Node;
        var id = Interlocked.Increment(ref requests).ToString(CultureInfo.InvariantCulture);
        calls.Add(new CallRecord(clock.Simulated, Cloud, call.Action, null, id, call.User, parameters, status, code, [.. struck.Select(f => f.Id)]));
    }
}
