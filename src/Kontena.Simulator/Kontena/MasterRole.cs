namespace Kontena.Simulator.Kontena;

/// <summary>What a user may do (kontena server/app/authorizers/grid_authorizer.rb). Each may do what those before it may.</summary>
public enum MasterRole
{
    /// <summary>Reads its grids, tokens included, labels and drains nodes, and deletes them: the Master asks for no role there.</summary>
    Member,

    /// <summary><c>grid_admin</c>: also changes its grids, creates nodes and sees node tokens.</summary>
    GridAdmin,

    /// <summary><c>master_admin</c>: every grid; creates and deletes grids.</summary>
    MasterAdmin,
}
