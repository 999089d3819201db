using System.Text.Json.Nodes;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>Which path leads where. A Master below 1.4 has fewer of them.</summary>
internal sealed class RestRoutes(MasterVersion version, GridCalls grids, NodeCalls nodes, NodeTokenCalls tokens, HealthCall health, ContainerCalls containers)
{
    private const string NodePath = "/v1/nodes/:grid/:node";

    public RestRoute Find(RestCall call) => Open(call) ?? OfGrids(call) ?? OfNodes(call) ?? (version.HasNodeTokens ? OfNodeTokens(call) : null)
        ?? RestRoute.Open("unknown", RestAnswer.NoRoute);

    private RestRoute? Open(RestCall call) => (call.Method, call.Path) switch
    {
        ("GET", []) => RestRoute.Open("GET /", () => RestAnswer.Ok(new JsonObject
        {
            ["name"] = "Kontena Master",
            ["tagline"] = "The Container Platform",
            ["version"] = version.Text,
        })),
        ("GET", ["v1", "ping"]) => RestRoute.Open("GET /v1/ping", () => RestAnswer.Ok(new JsonObject { ["message"] = "pong" })),
        ("GET", ["v1", "nodes", var id]) => RestRoute.Open("GET /v1/nodes/:id", () => nodes.ShowByGridToken(call, id)),
        ("PUT", ["v1", "nodes", var id]) => RestRoute.Open("PUT /v1/nodes/:id", () => nodes.UpdateByGridToken(call, id)),
        _ => null,
    };

    private RestRoute? OfGrids(RestCall call) => (call.Method, call.Path) switch
    {
        ("GET", ["v1", "grids"]) => RestRoute.At("GET /v1/grids", null, null, grids.List),
        ("POST", ["v1", "grids"]) => RestRoute.At("POST /v1/grids", null, null, user => grids.Create(call, user)),
        ("GET", ["v1", "grids", var grid]) => RestRoute.At("GET /v1/grids/:grid", grid, null, user => grids.Show(user, grid)),
        ("PUT", ["v1", "grids", var grid]) => RestRoute.At("PUT /v1/grids/:grid", grid, null, user => grids.Update(call, user, grid)),
        ("DELETE", ["v1", "grids", var grid]) => RestRoute.At("DELETE /v1/grids/:grid", grid, null, user => grids.Delete(user, grid)),
        ("GET", ["v1", "grids", var grid, "nodes"]) => RestRoute.At("GET /v1/grids/:grid/nodes", grid, null, user => nodes.List(user, grid)),
        ("GET", ["v1", "containers", var grid]) => RestRoute.At("GET /v1/containers/:grid", grid, null, user => containers.List(user, grid, call.All)),
        _ => null,
    };

    private RestRoute? OfNodes(RestCall call) => (call.Method, call.Path) switch
    {
        ("GET", ["v1", "nodes", var grid, var node]) => RestRoute.At("GET " + NodePath, grid, node, user => nodes.Show(user, grid, node)),
        ("PUT", ["v1", "nodes", var grid, var node]) => RestRoute.At("PUT " + NodePath, grid, node, user => nodes.Update(call, user, grid, node)),
        ("DELETE", ["v1", "nodes", var grid, var node]) => RestRoute.At("DELETE " + NodePath, grid, node, user => nodes.Delete(user, grid, node)),
        ("GET", ["v1", "nodes", var grid, var node, "health"]) =>
            new RestRoute($"GET {NodePath}/health", grid, node, true, (user, ct) => health.AnswerAsync(user, grid, node, ct)),
        _ => null,
    };

    private RestRoute? OfNodeTokens(RestCall call) => (call.Method, call.Path) switch
    {
        ("POST", ["v1", "grids", var grid, "nodes"]) => RestRoute.At("POST /v1/grids/:grid/nodes", grid, null, user => nodes.Create(call, user, grid)),
        ("GET", ["v1", "nodes", var grid, var node, "token"]) => RestRoute.At($"GET {NodePath}/token", grid, node, user => tokens.Show(user, grid, node)),
        ("PUT", ["v1", "nodes", var grid, var node, "token"]) => RestRoute.At($"PUT {NodePath}/token", grid, node, user => tokens.Put(call, user, grid, node)),
        ("DELETE", ["v1", "nodes", var grid, var node, "token"]) =>
            RestRoute.At($"DELETE {NodePath}/token", grid, node, user => tokens.Clear(call, user, grid, node)),
        _ => null,
    };
}
