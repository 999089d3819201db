using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Ipsec;

/// <summary>
/// What a grid's pools ask of the overlay's encryption together, and what of the grid stands against it. Made once for a grid, asked for each of its nodes.
/// </summary>
public sealed class IpsecPolicy
{
    private readonly IpsecGrid grid;
    private readonly TrustedMembers trusted;
    private readonly IReadOnlyList<string> closed;

    public IpsecPolicy(IpsecGrid grid)
    {
        this.grid = grid;
        TrustedSubnets = [.. (grid.TrustedSubnets ?? []).Concat(grid.DeclaredSubnets ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        trusted = new TrustedMembers(grid.Members ?? [], TrustedSubnets);
        closed = [.. grid.EspClosed.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Unprepared = [.. grid.Pools.Where(p => p.Mode is IpsecMode.Disabled).Select(p => p.Pool).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>ESP among members is to be open: one pool that wants it is enough, and takes nothing from the others.</summary>
    public static bool WantsEsp(IEnumerable<IpsecMode> modes) => modes.Any(m => m is not IpsecMode.Disabled);

    /// <summary>Pools whose machines are not prepared for ESP, by name: between them and the others the overlay encrypts in user space.</summary>
    public IReadOnlyList<string> Unprepared { get; }

    /// <summary>True where the Master told who is in the grid and whom it trusts.</summary>
    public bool IsObserved => grid is { Members: not null, TrustedSubnets: not null };

    /// <summary>The trusted subnets, the Master's and those that it is about to get, in order.</summary>
    public IReadOnlyList<string> TrustedSubnets { get; }

    /// <summary>True where the Grid's spec says which subnets are trusted.</summary>
    public bool SubnetsAreDeclared => grid.DeclaredSubnets is not null;

    /// <summary>Trusted subnets have all members: nothing is encrypted.</summary>
    public bool IsBare => trusted.CoverAll;

    /// <summary>True where the Master knows the node.</summary>
    public bool Knows(string name) => trusted.Knows(name);

    /// <summary>A member that trusted subnets let the node talk to without encryption; null where there is none.</summary>
    public BareLink? BareLinkOf(string name) => trusted.Link(name);

    /// <summary>Other members whose firewalls keep ESP out.</summary>
    public IEnumerable<string> EspClosedBut(string name) => closed.Where(c => c != name);
}
