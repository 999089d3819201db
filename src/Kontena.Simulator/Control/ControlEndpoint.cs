using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;
using Microsoft.AspNetCore.Http;

namespace Kontena.Simulator.Control;

/// <summary>
/// <c>/_control</c>: faults and state as JSON. It asks for no credentials, since it is only on loopback; a page in a browser on the same machine
/// is kept out by refusing what carries an Origin.
/// </summary>
internal sealed class ControlEndpoint(FaultBook faults, Ec2Cloud ec2, KontenaMaster? master, SimulatedMachines? machines, TimeProvider time)
{
    public const string Prefix = "/_control/";
    private const string Faults = Prefix + "faults";
    private readonly GroupControl ofGroups = new(ec2);
    private readonly MasterControl? ofMaster = master is null ? null : new MasterControl(master);

    public Task HandleAsync(HttpContext http, CancellationToken ct)
    {
        if (http.Request.Headers.ContainsKey("Origin")) return ControlAnswer.FailAsync(http, 403, "Browsers are not let in.", ct);
        var path = http.Request.Path.Value ?? "";
        return (http.Request.Method, path) switch
        {
            ("GET", Faults) => ControlAnswer.JsonAsync(http, 200, [.. faults.All.Select(FaultView.Of)], ControlJson.Default.IReadOnlyListFaultView, ct),
            ("POST", Faults) => AddAsync(http, ct),
            ("DELETE", Faults) => ClearAsync(http),
            ("DELETE", _) when path.StartsWith(Faults + "/", StringComparison.Ordinal) => RemoveAsync(http, path[(Faults.Length + 1)..], ct),
            ("GET", Prefix + "state") => ControlAnswer.JsonAsync(http, 200, State(), ControlJson.Default.StateView, ct),
            ("GET", Prefix + "overlay") when machines is not null => ControlAnswer.JsonAsync(http, 200, machines.Overlay, ControlJson.Default.OverlayView, ct),
            _ when path.StartsWith(GroupControl.Prefix, StringComparison.Ordinal) => ofGroups.HandleAsync(http, path, ct),
            _ when ofMaster is not null && path.StartsWith(MasterControl.Prefix, StringComparison.Ordinal) => ofMaster.HandleAsync(http, path, ct),
            _ => ControlAnswer.FailAsync(http, 404, $"There is no {http.Request.Method} {path}; see docs/simulator.md.", ct),
        };
    }

    private StateView State() => new(
        time.GetUtcNow(), new(ec2.Instances, ec2.Calls.Total, ec2.Calls.Counts, ec2.Calls.Recent), master is null ? null : KontenaView.Of(master),
        [.. faults.All.Select(FaultView.Of)]);

    private Task AddAsync(HttpContext http, CancellationToken ct) => ControlAnswer.ReadAsync(http, ControlJson.Default.FaultDocument,
        document => ControlAnswer.JsonAsync(http, 201, FaultView.Of(faults.Add(document.ToFault())), ControlJson.Default.FaultView, ct), ct);

    private Task ClearAsync(HttpContext http)
    {
        faults.Clear();
        return ControlAnswer.Done(http);
    }

    private Task RemoveAsync(HttpContext http, string id, CancellationToken ct) =>
        faults.Remove(id) ? ControlAnswer.Done(http) : ControlAnswer.FailAsync(http, 404, $"There is no fault {id}.", ct);
}
