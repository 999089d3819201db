namespace Kontena.Simulator.Kontena;

/// <summary>A bearer token that the Master knows.</summary>
/// <param name="Name">What the ledger calls it; the token itself is nowhere but here.</param>
/// <param name="Grids">The grids of a <see cref="MasterRole.Member"/> or <see cref="MasterRole.GridAdmin"/>; null: all.</param>
/// <param name="ExpiresAt">On the Master's clock; null: never.</param>
public sealed record AccessToken(
    string Name, string Token, MasterRole Role, IReadOnlyList<string>? Grids = null, DateTimeOffset? ExpiresAt = null)
{
    public override string ToString() => $"{Name} ({Role})";

    internal bool MaySee(string grid) => Role == MasterRole.MasterAdmin || Grids is null || Grids.Contains(grid);

    internal bool MayUpdate(string grid) => Role >= MasterRole.GridAdmin && MaySee(grid);
}
