using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena.Database;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>Nodes (kontena server/app/routes/v1/nodes_api.rb, grids/grid_nodes.rb). Labels, drain and DELETE ask for no role beyond membership.</summary>
/// <param name="notify">Tells the agents of a grid about their nodes again.</param>
internal sealed class NodeCalls(MasterDatabase database, Action<string> notify)
{
    public RestAnswer List(AccessToken user, string grid) => database.Look(_ => RestAnswer.Ok(new JsonObject
    {
        ["nodes"] = new JsonArray([.. database.Grid(user, grid).Nodes.OrderBy(n => n.Name, StringComparer.Ordinal).Select(Shown)]),
    }));

    public RestAnswer Show(AccessToken user, string grid, string node) => database.Look(_ => RestAnswer.Ok(Shown(database.Node(user, grid, node))));

    public RestAnswer Create(RestCall call, AccessToken user, string gridName) => database.Look(_ =>
    {
        var grid = database.Grid(user, gridName);
        Access.RequireUpdate(user, gridName);
        var body = call.Json();
        var (name, token, labels) = (body.Name(), body.Token(), body.Texts("labels"));
        if (grid.Named(name) is not null) throw RestRefusal.Invalid("name", $"Node with name {name} already exists");
        if (token is not null && database.Nodes_NeedsLock.Any(n => n.Token == token)) throw RestRefusal.Invalid("token", "Node with token already exists");
        var node = database.AddNode(grid, name, NodeOrigin.Api);
        (node.Token, node.Labels) = (token ?? database.NewToken(), labels ?? []);
        return RestAnswer.Json(201, Shown(node));
    });

    public RestAnswer Update(RestCall call, AccessToken user, string gridName, string nodeName)
    {
        var answer = database.Look(now =>
        {
            var node = database.Node(user, gridName, nodeName);
            return Update(node, call.Json(), now, withAvailability: database.Version.HasNodeTokens);
        });
        Notify(gridName);
        return answer;
    }

    public RestAnswer Delete(AccessToken user, string gridName, string nodeName)
    {
        var answer = database.Look(_ =>
        {
            database.RemoveNode(database.Node(user, gridName, nodeName));
            return RestAnswer.Ok(new JsonObject());
        });
        Notify(gridName);
        return answer;
    }

    /// <summary>Deprecated: by engine id, with the grid token in a header.</summary>
    public RestAnswer ShowByGridToken(RestCall call, string id) => database.Look(_ => RestAnswer.Ok(Shown(ByGridToken(call, id))));

    public RestAnswer UpdateByGridToken(RestCall call, string id)
    {
        var (answer, grid) = database.Look(now =>
        {
            var node = ByGridToken(call, id);
            return (Update(node, call.Json(), now, withAvailability: false), node.Grid.Name);
        });
        Notify(grid);
        return answer;
    }

    private RestAnswer Update(HostNode node, JsonObject body, DateTimeOffset now, bool withAvailability)
    {
        var labels = body.Texts("labels");
        var availability = withAvailability ? body.Text("availability") : null;
        if (availability is not (null or "active" or "drain")) throw RestRefusal.Invalid("availability", "Availability isn't an option");
        if (labels is not null) node.Labels = labels;
        node.UpdatedAt = now;
        if (availability is not null) database.SetDraining(node, availability == "drain");
        return RestAnswer.Ok(Shown(node));
    }

    private HostNode ByGridToken(RestCall call, string id)
    {
        var grid = database.Grids_NeedsLock.FirstOrDefault(g => g.Token == call.GridToken) ?? throw RestRefusal.NotFound();
        return grid.WithId(id) ?? throw RestRefusal.With(404, "Node not found");
    }

    private void Notify(string grid)
    {
        if (database.Version.NotifiesNodes) notify(grid);
    }

    private JsonObject Shown(HostNode node) => NodeJson.Of(node, database.Version);
}
