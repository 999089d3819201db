using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena.Database;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary><c>…/token</c> (kontena server/app/mutations/host_nodes/update_token.rb). A new token does not free the node of its engine id.</summary>
internal sealed class NodeTokenCalls(MasterDatabase database)
{
    public RestAnswer Show(AccessToken user, string grid, string name) => database.Look(_ =>
    {
        var node = Node(user, grid, name);
        return node.Token is null ? throw RestRefusal.With(404, "Host node does not have a node token") : Answer(node);
    });

    public RestAnswer Put(RestCall call, AccessToken user, string grid, string name) => database.Look(now =>
    {
        var node = Node(user, grid, name);
        var body = call.Json();
        var token = body.Token();
        if (token is not null && database.Nodes_NeedsLock.Any(n => n.Token == token)) throw RestRefusal.Invalid("token", "Node with token already exists");
        (node.Token, node.UpdatedAt) = (token ?? database.NewToken(), now);
        Reset(node, body);
        return Answer(node);
    });

    /// <summary>Back to the grid token.</summary>
    public RestAnswer Clear(RestCall call, AccessToken user, string grid, string name) => database.Look(now =>
    {
        var node = Node(user, grid, name);
        (node.Token, node.UpdatedAt) = (null, now);
        Reset(node, call.Json());
        return RestAnswer.Ok(new JsonObject());
    });

    private HostNode Node(AccessToken user, string grid, string name)
    {
        var node = database.Node(user, grid, name);
        Access.RequireUpdate(user, grid);
        return node;
    }

    private void Reset(HostNode node, JsonObject body)
    {
        if (body.Flag("reset_connection")) database.Connections.GiveUp(node, "the node token was reset");
    }

    private static RestAnswer Answer(HostNode node) => RestAnswer.Ok(new JsonObject { ["id"] = $"{node.Grid.Name}/{node}", ["token"] = node.Token });
}
