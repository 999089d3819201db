using Kontena.Simulator.Kontena;
using Microsoft.AspNetCore.Http;

namespace Kontena.Simulator.Control;

/// <summary><c>/_control/master</c>: a hand on the Kontena Master, for whoever is not in this process.</summary>
internal sealed class MasterControl(KontenaMaster master)
{
    public const string Prefix = ControlEndpoint.Prefix + "master/";

    public Task HandleAsync(HttpContext http, string path, CancellationToken ct) => (http.Request.Method, path[Prefix.Length..].Split('/')) switch
    {
        ("POST", ["stop"]) => DoAsync(http, master.StopAsync),
        ("POST", ["start"]) => DoAsync(http, () => master.StartAsync(ct)),
        ("PUT", ["version"]) => ControlAnswer.ReadAsync(http, ControlJson.Default.VersionDocument,
            document => DoAsync(http, () => master.UpgradeAsync(document.Version, ct)), ct),
        ("PUT", ["clock"]) => ControlAnswer.ReadAsync(http, ControlJson.Default.ClockDocument, clock =>
        {
            master.ClockSkew = TimeSpan.FromSeconds(clock.SkewSeconds);
            return ControlAnswer.Done(http);
        }, ct),
        ("POST", ["nodes"]) => ControlAnswer.ReadAsync(http, ControlJson.Default.ForeignNodeDocument,
            node => ControlAnswer.JsonAsync(http, 201, master.AddForeign(node.ToNode()), ControlJson.Default.NodeSnapshot, ct), ct),
        ("DELETE", ["nodes", var grid, var name]) => RemoveAsync(http, grid, name, ct),
        ("POST", ["containers"]) => ControlAnswer.ReadAsync(http, ControlJson.Default.ContainerDocument, container =>
        {
            master.PlaceContainer(container.Grid, container.Node, container.Service, container.InstanceNumber, container.Stateful);
            return ControlAnswer.Done(http);
        }, ct),
        _ => ControlAnswer.FailAsync(http, 404, $"There is no {http.Request.Method} {path}; see docs/simulator.md.", ct),
    };

    private Task RemoveAsync(HttpContext http, string grid, string name, CancellationToken ct)
    {
        if (master.Find(grid, name) is null) return ControlAnswer.FailAsync(http, 404, $"There is no node {grid}/{name}.", ct);
        master.RemoveBehindTheBack(grid, name);
        return ControlAnswer.Done(http);
    }

    private static async Task DoAsync(HttpContext http, Func<Task> act)
    {
        await act();
        await ControlAnswer.Done(http);
    }
}
