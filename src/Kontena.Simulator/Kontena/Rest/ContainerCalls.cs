using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena.Database;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary><c>/v1/containers/:grid</c>: those that run, or with <c>?all</c> stopped and deleted ones too (kontena server/app/routes/v1/containers_api.rb).</summary>
internal sealed class ContainerCalls(MasterDatabase database)
{
    public RestAnswer List(AccessToken user, string grid, bool all) => database.Look(_ => RestAnswer.Ok(new JsonObject
    {
        ["containers"] = new JsonArray([.. database.Grid(user, grid).Instances.SelectMany(i => i.Containers)
            .Where(c => all || c.Running).OrderBy(c => c.Created).Select(ContainerJson.Of)]),
    }));
}
