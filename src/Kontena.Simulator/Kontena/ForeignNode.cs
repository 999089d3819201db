namespace Kontena.Simulator.Kontena;

/// <summary>A node that somebody else registered.</summary>
public sealed record ForeignNode
{
    public required string Grid { get; init; }

    public required string Name { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Where given, an agent has been there: the node is offline, not created.</summary>
    public string? NodeId { get; init; }

    /// <summary>Its node token; null: the grid token's node. Secret.</summary>
    public string? Token { get; init; }

    public override string ToString() => $"{Grid}/{Name}";
}
