using Kontena.Simulator.Kontena.Database;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>Grids and nodes as a caller may have them. Call under the database's lock.</summary>
internal static class Access
{
    /// <exception cref="RestRefusal">404 where there is none, 403 where the caller is no member.</exception>
    public static Grid Grid(this MasterDatabase database, AccessToken? user, string name)
    {
        var grid = database.FindGrid(name) ?? throw RestRefusal.NotFound();
        return user?.MaySee(name) == true ? grid : throw RestRefusal.AccessDenied();
    }

    public static HostNode Node(this MasterDatabase database, AccessToken? user, string grid, string node) =>
        database.Grid(user, grid).Find(node) ?? throw RestRefusal.NotFound();

    /// <exception cref="RestRefusal">403: it takes a grid_admin.</exception>
    public static void RequireUpdate(AccessToken? user, string grid)
    {
        if (user?.MayUpdate(grid) != true) throw RestRefusal.AccessDenied();
    }
}
