using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena.Database;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>A container as the API shows it (kontena server/app/views/v1/containers); its node has the grid token in it.</summary>
internal static class ContainerJson
{
    public static JsonObject Of(Container container)
    {
        var (instance, grid) = (container.Instance, container.Instance.Grid);
        var name = $"{instance.Service.Replace('/', '.')}-{instance.Number}";
        return new JsonObject
        {
            ["id"] = $"{grid.Name}/{container.Node}/{name}",
            ["name"] = name,
            ["container_id"] = container.Id,
            ["grid_id"] = grid.Name,
            ["node"] = NodeOf(container.Node),
            ["service_id"] = $"{grid.Name}/{instance.Service}",
            ["instance_number"] = instance.Number,
            ["created_at"] = RubyTime.Json(container.Created),
            ["updated_at"] = RubyTime.Json(container.Finished ?? container.Started),
            ["started_at"] = RubyTime.Json(container.Started),
            ["finished_at"] = RubyTime.Json(container.Finished),
            ["deleted_at"] = RubyTime.Json(container.Deleted),
            ["status"] = container.Deleted is not null ? "deleted" : container.Running ? "running" : "stopped",
            ["state"] = new JsonObject { ["running"] = container.Running, ["paused"] = false, ["restarting"] = false },
            ["image"] = "simulated/" + instance.Service,
            ["env"] = new JsonArray(),
            ["volumes"] = new JsonArray(),
        };
    }

    private static JsonObject NodeOf(HostNode node) => new()
    {
        ["id"] = node.NodeId,
        ["connected"] = node.Connected,
        ["last_seen_at"] = RubyTime.Json(node.LastSeenAt),
        ["name"] = node.Name,
        ["labels"] = NodeJson.Strings(node.Labels),
        ["public_ip"] = node.Docker.PublicIp,
        ["private_ip"] = node.Docker.PrivateIp,
        ["node_number"] = node.Number,
        ["grid"] = new JsonObject
        {
            ["id"] = node.Grid.Name,
            ["name"] = node.Grid.Name,
            ["token"] = node.Grid.Token,
            ["initial_size"] = node.Grid.InitialSize,
        },
    };
}
