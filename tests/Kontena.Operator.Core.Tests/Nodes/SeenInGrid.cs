using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>Puts what a lifecycle is shown into a grid of three initial members.</summary>
internal static class SeenInGrid
{
    public const string EntryName = "web-0-3f9a1c07";

    /// <summary>With these entries in a list that was begun at noon.</summary>
    public static NodeSeen InGrid(this NodeSeen seen, params MasterNode[] nodes) => seen with
    {
        Spec = seen.Spec with { GridRef = new GridRef { Name = "prod" }, KontenaName = seen.Spec.Attempt is null ? null : EntryName },
        Grid = new EntrySeen
        {
            View = new GridView { Name = "prod", GridName = "prod", AgentUrl = "https://master.example.com", MasterVersion = "1.5.4", Grid = Grid(), Last = new MasterListing(Samples.Noon, nodes) },
            Name = EntryName,
            OwnUids = [seen.Uid],
            Trace = new MasterTrace { Attempt = seen.Spec.Attempt?.Number ?? 0 },
        },
    };

    public static NodeSeen Knowing(this NodeSeen seen, Func<MasterTrace, MasterTrace> change) => seen.Of(g => g with { Trace = change(g.Trace) });

    public static NodeSeen Of(this NodeSeen seen, Func<EntrySeen, EntrySeen> change) => seen with { Grid = change(seen.Grid!) };

    public static NodeSeen Viewing(this NodeSeen seen, Func<GridView, GridView> change) => seen.Of(g => g with { View = change(g.View) });

    public static NodeSeen Silent(this NodeSeen seen) => seen.Viewing(v => v with { Trouble = new MasterTrouble(MasterFault.Unreachable, "MasterUnreachable", "no answer.", Samples.Noon, NeedsHuman: false) });

    /// <summary>The list was begun this long after noon.</summary>
    public static NodeSeen Listed(this NodeSeen seen, TimeSpan later) => seen.Viewing(v => v with { Last = new MasterListing(Samples.Noon + later, v.Last!.Nodes) });

    /// <summary>The node's own entry.</summary>
    public static MasterNode Entry(MasterNodeStatus status, int number = 9, string? owner = "node") => Other(EntryName, number, status) with { Labels = owner is null ? [] : [$"{KontenaLabels.Node}={owner}"] };

    /// <summary>Another's, who is not ours.</summary>
    public static MasterNode Other(string name, int number, MasterNodeStatus status = MasterNodeStatus.Online) => new()
    {
        Name = name,
        Status = status,
        NodeId = status == MasterNodeStatus.Created ? null : $"ID:{name}",
        Connected = status is MasterNodeStatus.Online or MasterNodeStatus.Connecting or MasterNodeStatus.Drain,
        HasToken = true,
        Number = number,
        InitialMember = number is >= 1 and <= 3,
    };

    public static IReadOnlyDictionary<string, NodeHealth> Healthy(params string[] names) => names.ToDictionary(n => n, _ => new NodeHealth(true, null));

    private static MasterGrid Grid() => new() { Name = "prod", InitialSize = 3, Subnet = "10.81.0.0/16", Fingerprint = "0123456789abcdef", Token = new SecretText(Canary.Of("grid-token")) };
}
