using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena.Database;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>A grid as the API shows it (kontena server/app/views/v1/grids), token included.</summary>
internal static class GridJson
{
    public static JsonObject Of(Grid grid, int users)
    {
        var shown = new JsonObject
        {
            ["id"] = grid.Name,
            ["name"] = grid.Name,
            ["token"] = grid.Token,
            ["initial_size"] = grid.InitialSize,
            ["stats"] = new JsonObject { ["statsd"] = grid.Statsd?.DeepClone() },
            ["default_affinity"] = NodeJson.Strings(grid.DefaultAffinity),
            ["trusted_subnets"] = NodeJson.Strings(grid.TrustedSubnets),
            ["node_count"] = grid.Nodes.Count,
            ["service_count"] = grid.Instances.Select(i => i.Service).Distinct().Count(),
            ["container_count"] = grid.Instances.Count(i => i.Container is not null),
            ["user_count"] = users,
            ["subnet"] = grid.Subnet,
            ["supernet"] = grid.Supernet,
        };
        if (grid.Logs is not null) shown["logs"] = grid.Logs.DeepClone();
        return shown;
    }

    /// <summary>As it stands within a node.</summary>
    public static JsonObject Within(Grid grid, bool withToken)
    {
        var shown = new JsonObject { ["id"] = grid.Name, ["name"] = grid.Name, ["initial_size"] = grid.InitialSize };
        if (withToken) shown["token"] = grid.Token;
        shown["stats"] = new JsonObject { ["statsd"] = grid.Statsd?.DeepClone() };
        if (grid.Logs is not null) shown["logs"] = grid.Logs.DeepClone();
        shown["trusted_subnets"] = NodeJson.Strings(grid.TrustedSubnets);
        shown["subnet"] = grid.Subnet;
        shown["supernet"] = grid.Supernet;
        return shown;
    }
}
