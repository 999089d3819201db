using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Grids;

/// <summary>One grid at one Master, and what opens it.</summary>
/// <param name="Url">As the operator reaches it; may have a path.</param>
/// <param name="GridName">The grid's name at the Master.</param>
/// <param name="Token">Access token of a user who may administer the grid.</param>
internal sealed record MasterEndpoint(Uri Url, string GridName, SecretText Token)
{
    /// <summary>Certificates (PEM) of the only authority to trust; null: those that the system trusts.</summary>
    public string? Ca { get; init; }

    /// <summary>Where the Master is, for people.</summary>
    public string Place => Url.IsDefaultPort ? Url.Host : $"{Url.Host}:{Url.Port}";
}
