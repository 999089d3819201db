using Kontena.Operator.Core.Api;

namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>Scripts about ways in, and about pools and Grids that share firewalls.</summary>
internal sealed partial record Script
{
    private static readonly Way http = new("http", PortProtocol.TCP, 80, "203.0.113.1");
    private static readonly Way https = new("https", PortProtocol.TCP, 443, "203.0.113.2");
    private static readonly Way stats = new("stats", PortProtocol.UDP, 8125, "203.0.113.3");

    public static Script CreateWithPorts { get; } = new("create 1 with ports", 0, 1) { Ways = [http, https] };

    public static Script ScaleUpWithPorts { get; } = new("scale 1 to 2 with ports", 1, 2) { Ways = [http, https] };

    /// <summary>One is opened, one is closed, and one is to stay open all the time.</summary>
    public static Script ChangePorts { get; } = new("change ports", 1, 1) { Ways = [http, https], Asked = Asking.Ports, ChangedWays = [https, stats] };

    /// <summary>Its machine was made without a group of ours, and gets one.</summary>
    public static Script AddPorts { get; } = new("ports for a pool that had none", 1, 1) { Asked = Asking.Ports, ChangedWays = [http, https] };

    public static Script RepairDrift { get; } = new("repair drift", 1, 1) { Ways = [http, https], Asked = Asking.Nothing, Drifts = true };

    public static Script DeleteWithPorts { get; } = new("delete 1 with ports", 1, null) { Ways = [http, https] };

    public static Script DeleteOnePoolOfTwo { get; } = new("delete 1 pool of 2 in a grid", 1, 1) { InitialSize = 1, HasSecondPool = true, Asked = Asking.SecondPoolsEnd };

    /// <summary>Its pool has gone before it begins.</summary>
    public static Script DeleteGrid { get; } = new("delete a Grid", 1, null) { InitialSize = 1, Asked = Asking.GridsEnd };

    public static Script DeleteAllAtOnce { get; } = new("delete 2 pools and their Grid at once", 1, null) { InitialSize = 1, HasSecondPool = true, Asked = Asking.EverythingsEnd };

    /// <summary>What the first pool lets in when it begins.</summary>
    public IReadOnlyList<Way> Ways { get; init; } = [];

    /// <summary>What is asked for then; null: the same.</summary>
    public IReadOnlyList<Way>? ChangedWays { get; init; }

    public IReadOnlyList<Way> WaysAfter => ChangedWays ?? Ways;

    /// <summary>Somebody takes a rule of ours away, and our group off a machine.</summary>
    public bool Drifts { get; init; }

    /// <summary>Another pool of the grid, of one node, made once the first one is ready.</summary>
    public bool HasSecondPool { get; init; }

    public Asking Asked { get; init; }

    public bool EndsGrid => Asked is Asking.GridsEnd or Asking.EverythingsEnd;
}

/// <summary>What kind of thing a script's user asks for.</summary>
internal enum Asking
{
    /// <summary>Another number of nodes, another node in the place of one, or the pool's end: as the script's numbers say.</summary>
    Nodes,

    /// <summary>Other ways in.</summary>
    Ports,

    /// <summary>Nothing: others change something.</summary>
    Nothing,

    SecondPoolsEnd,

    GridsEnd,

    /// <summary>Both pools' and the Grid's, in one moment.</summary>
    EverythingsEnd,
}
