namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>What a user asks for while the operator dies.</summary>
/// <param name="Before">Nodes that are ready when it begins; 0: the pool is made before the first operator ever starts.</param>
/// <param name="After">Nodes that are asked for then; null: the pool is deleted.</param>
internal sealed record Script(string Name, int Before, int? After)
{
    public static Script Create { get; } = new("create 2", 0, 2);

    public static Script ScaleUp { get; } = new("scale 2 to 3", 2, 3);

    public static Script ScaleDown { get; } = new("scale 3 to 1", 3, 1);

    public static Script Delete { get; } = new("delete 2", 2, null);

    public static Script CreateOne { get; } = new("create 1", 0, 1);

    public static Script DeleteOne { get; } = new("delete 1", 1, null);

    /// <summary>More machines than this are never asked for.</summary>
    public int Most => Math.Max(Before, After ?? 0);

    public override string ToString() => Name;
}
