namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>What a user asks for while the operator dies.</summary>
/// <param name="Before">Nodes that are ready when it begins; 0: the pool is made before the first operator ever starts.</param>
/// <param name="After">Nodes that are asked for then; null: the pool is deleted.</param>
internal sealed partial record Script(string Name, int Before, int? After)
{
    public static Script Create { get; } = new("create 2", 0, 2);

    public static Script ScaleUp { get; } = new("scale 2 to 3", 2, 3);

    public static Script ScaleDown { get; } = new("scale 3 to 1", 3, 1);

    public static Script Delete { get; } = new("delete 2", 2, null);

    public static Script CreateOne { get; } = new("create 1", 0, 1);

    public static Script DeleteOne { get; } = new("delete 1", 1, null);

    public static Script CreateInGrid { get; } = new("create 2 in a grid", 0, 2) { InitialSize = 3 };

    /// <summary>The fourth is no initial member.</summary>
    public static Script ScaleUpInGrid { get; } = new("scale 3 to 4 in a grid", 3, 4) { InitialSize = 3 };

    /// <summary>First the one that is no initial member goes, then an initial member, which needs the slot.</summary>
    public static Script ScaleDownInGrid { get; } = new("scale 4 to 2 in a grid", 4, 2) { InitialSize = 3, WhoGoesIsChance = true };

    public static Script DeleteInGrid { get; } = new("delete 3 in a grid", 3, null) { InitialSize = 3 };

    /// <summary>An initial member is deleted by hand, and its successor inherits its number.</summary>
    public static Script ReplaceInGrid { get; } = new("replace 1 of 3 in a grid", 3, 3) { InitialSize = 3, Replaces = 1 };

    public static Script CreateOneInGrid { get; } = new("create 1 in a grid", 0, 1) { InitialSize = 1 };

    public static Script DeleteOneInGrid { get; } = new("delete 1 in a grid", 1, null) { InitialSize = 1 };

    /// <summary>Numbers decide which of the nodes go, and are given as nodes happen to come.</summary>
    public bool WhoGoesIsChance { get; init; }

    /// <summary>How many initial members the grid was made for that the pool joins; null: no grid.</summary>
    public int? InitialSize { get; init; }

    /// <summary>Ordinal of the node that is deleted by hand, instead of another number being asked for.</summary>
    public int? Replaces { get; init; }

    /// <summary>More machines than this are never asked for.</summary>
    public int Most => Math.Max(Before, After ?? 0) + (HasSecondPool ? 1 : 0);

    public override string ToString() => Name;
}
