using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena.Database;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary><c>/v1/grids</c> (kontena server/app/routes/v1/grids_api.rb). Who may not create, change or delete gets a 422, not a 403.</summary>
/// <param name="notify">Tells the agents of a grid about their nodes again.</param>
internal sealed class GridCalls(MasterDatabase database, int users, Action<string> notify)
{
    public RestAnswer List(AccessToken user) => database.Look(_ =>
        RestAnswer.Ok(new JsonObject { ["grids"] = new JsonArray([.. database.Grids_NeedsLock.Where(g => user.MaySee(g.Name)).Select(g => GridJson.Of(g, users))]) }));

    public RestAnswer Show(AccessToken user, string name) => database.Look(_ => RestAnswer.Ok(GridJson.Of(database.Grid(user, name), users)));

    public RestAnswer Create(RestCall call, AccessToken user)
    {
        var body = call.Json();
        var options = new GridOptions
        {
            Name = body.Name(shortest: 3),
            InitialSize = body.Number("initial_size", 1, 1, 7),
            Token = body.Text("token"),
            Subnet = body.Subnet("subnet") ?? "10.81.0.0/16",
            Supernet = body.Subnet("supernet") ?? "10.80.0.0/12",
        };
        return database.Look(_ =>
        {
            if (user.Role != MasterRole.MasterAdmin) throw NotAllowed();
            if (database.FindGrid(options.Name) is not null) throw RestRefusal.Invalid("grid", $"Grid with name {options.Name} already exists");
            // Checked before the grid is there: a refusal leaves nothing behind.
            var change = GridChange.Read(body);
            var grid = database.AddGrid(options);
            change.Apply(grid);
            return RestAnswer.Json(201, GridJson.Of(grid, users));
        });
    }

    public RestAnswer Update(RestCall call, AccessToken user, string name)
    {
        var body = call.Json();
        var answer = database.Look(_ =>
        {
            var grid = database.Grid(user, name);
            if (!user.MayUpdate(name)) throw NotAllowed();
            GridChange.Read(body).Apply(grid);
            return RestAnswer.Ok(GridJson.Of(grid, users));
        });
        notify(name);
        return answer;
    }

    public RestAnswer Delete(AccessToken user, string name) => database.Look(_ =>
    {
        var grid = database.Grid(user, name);
        if (user.Role != MasterRole.MasterAdmin) throw NotAllowed();
        if (grid.Instances.Count > 0 || grid.Nodes.Count > 0) throw RestRefusal.Invalid("grid", grid.Nodes.Count > 0 ? "Grid has nodes" : "Grid has services");
        database.RemoveGrid(grid);
        return RestAnswer.Ok(new JsonObject());
    });

    private static RestRefusal NotAllowed() => RestRefusal.Invalid("user", "Operation not allowed");

    /// <summary>What may be changed in a grid; null is left as it is.</summary>
    private sealed record GridChange(IReadOnlyList<string>? TrustedSubnets, IReadOnlyList<string>? DefaultAffinity, JsonNode? Stats, JsonNode? Logs)
    {
        public static GridChange Read(JsonObject body)
        {
            var trusted = body.Texts("trusted_subnets");
            if (trusted?.FirstOrDefault(s => !Inputs.IsSubnet(s)) is { } wrong) throw RestRefusal.Invalid("trusted_subnets", $"Invalid trusted_subnet {wrong}");
            return new GridChange(trusted, body.Texts("default_affinity"), body["stats"]?.DeepClone(), body["logs"]?.DeepClone());
        }

        public void Apply(Grid grid)
        {
            if (TrustedSubnets is not null) grid.TrustedSubnets = TrustedSubnets;
            if (DefaultAffinity is not null) grid.DefaultAffinity = DefaultAffinity;
            if (Stats is JsonObject stats) grid.Statsd = stats["statsd"]?.DeepClone();
            if (Logs is JsonObject logs) grid.Logs = logs["forwarder"]?.ToString() == "none" ? null : logs;
        }
    }
}
