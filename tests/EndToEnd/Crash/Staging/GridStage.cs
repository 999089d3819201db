using Kontena.EndToEnd.Crash.Judging;
using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Resources;
using Kontena.Simulator.Kontena;
using KontenaMaster = Kontena.Simulator.Kontena.KontenaMaster;

namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>A grid on stage: the Grid object and its Secret, the simulated Master, strangers' nodes there, services that run on ours, and who judges it.</summary>
internal sealed class GridStage
{
    public const string Name = SceneGrids.GridName;

    private readonly OperatorScene scene;
    private readonly Variant variant;
    private readonly GridWitness witness;
    private readonly Followed<Grid> grids;
    private readonly HashSet<string> deletedByTheUser = [];
    private readonly List<NodeSnapshot> strangers = [];
    private bool oneMayBeLate;
    private DateTimeOffset? endedAt;

    /// <param name="firewalls">Told of every change of the Grid as well.</param>
    public GridStage(OperatorScene scene, Variant variant, FirewallWitness firewalls)
    {
        (this.scene, this.variant) = (scene, variant);
        witness = new GridWitness(Master, Name, () => scene.Machines, async () => (await scene.Grids.FindAsync())?.Status?.Replacing?.NodeUID);
        grids = new Followed<Grid>(scene.Api, KontenaKinds.Grids, scene.Namespace, scene.Time)
        {
            Changed = (before, after) =>
            {
                witness.OfChange(before, after);
                firewalls.OfChange(before, after, ApiGroup.GridFinalizer);
            },
        };
    }

    public KontenaMaster Master => scene.Cloud.Master;

    public OperatorScene Scene => scene;

    public GridWitness Witness => witness;

    public Followed<Grid> Followed => grids;

    /// <summary>Services move at once, and no agent is given up because the machine that plays it all is busy: what the Master says of members counts.</summary>
    public static SceneOptions Options(SceneOptions options, int initialSize, double speed)
    {
        var withGrid = options.WithGrid(initialSize, speed);
        return withGrid with
        {
            Master = withGrid.Master! with { InstanceMoves = TimeSpan.FromSeconds(0.02) * speed, PingTimeout = TimeSpan.FromSeconds(5) * speed },
        };
    }

    public Task<Grid> PrepareAsync() => scene.Grids.CreateAsync();

    /// <summary>Somebody registers nodes of his own, one with a label that he copied from ours; every node of ours gets work to do.</summary>
    public void Furnish(IEnumerable<KontenaNode> nodes)
    {
        strangers.Add(Master.AddForeign(new ForeignNode { Grid = Name, Name = "somebody-elses" }));
        foreach (var node in nodes)
        {
            if (strangers.Count == 1) strangers.Add(Master.AddForeign(new ForeignNode { Grid = Name, Name = "copied-label", Labels = [GridLaw.OwnerLabel + node.Metadata.Uid] }));
            Master.PlaceContainer(Name, NameOf(node), "shop/web", node.Spec.Ordinal + 1);
        }
    }

    /// <summary>Somebody was quicker, and has a node of the very name that ours is going to have. Where ours is there, nothing happens.</summary>
    public void TakeNames(IEnumerable<KontenaNode> nodes)
    {
        foreach (var name in nodes.Select(NameOf).Where(n => Master.Find(Name, n) is null)) strangers.Add(Master.AddForeign(new ForeignNode { Grid = Name, Name = name }));
    }

    /// <summary>As <c>kontena node reset-token</c> does.</summary>
    public async Task ResetTokensAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", SceneGrids.AccessToken);
        foreach (var node in Ours)
        {
            using var content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.PutAsync(new Uri($"{scene.Grids.Url}/v1/nodes/{Name}/{node.Name}/token"), content, scene.Ct);
            Assert.That((int)answer.StatusCode, Is.EqualTo(200), "the token is reset");
        }
    }

    /// <summary>The user asked for the end of the pool.</summary>
    public void EverybodyGoes()
    {
        witness.EverybodyGoes();
        endedAt ??= scene.Time.GetUtcNow();
    }

    /// <summary>A call that stood still for longer than any proxy keeps one makes an entry after its node has gone: nobody could know that it would come.</summary>
    public void OneMayBeLate() => oneMayBeLate = true;

    /// <summary>What the conditions of nodes ask of the user.</summary>
    public async Task ObeyAsync(IEnumerable<KontenaNode> nodes)
    {
        foreach (var node in nodes.Where(n => !n.Metadata.IsBeingDeleted && n.Status?.Conditions.FirstOrDefault(c => c.Type == "Ready") is { } ready && variant.ReasonsToDelete.Contains(ready.Reason)))
            if (deletedByTheUser.Add(node.Metadata.Uid!) && await scene.Objects.FindNodeAsync(node.Metadata.Name!) is { } there && there.Metadata.Uid == node.Metadata.Uid)
                await scene.Objects.DeleteNodeAsync(node.Metadata.Name!);
    }

    /// <summary>Each of these has its entry, and no other entry of ours is there.</summary>
    public bool HasJust(IEnumerable<KontenaNode> nodes) =>
        Ours.Select(GridLaw.OwnerOf).Order(StringComparer.Ordinal).SequenceEqual(nodes.Select(n => n.Metadata.Uid).Order(StringComparer.Ordinal)) && !SlotIsTaken;

    public bool SlotIsTaken => grids.Find(Name)?.Status?.Replacing is not null;

    public bool SaysThatTheMasterIsAway => grids.Find(Name)?.Status?.Conditions.Any(c => c is { Type: "MasterReachable", IsTrue: false }) == true;

    /// <summary>As the test's own watch has it.</summary>
    public bool IsAbsent => grids.Find(Name) is null;

    public bool IsBare => Ours.Count <= (oneMayBeLate ? 1 : 0) && !SlotIsTaken;

    public Task DeleteAsync() => scene.Grids.DeleteAsync();

    public async Task<bool> IsGoneAsync() => await scene.Grids.FindAsync() is null
        && (await scene.Objects.FindSecretAsync(SceneGrids.TokenSecret))!.Metadata.Finalizers is null or { Count: 0 };

    public IEnumerable<string> Violations() =>
    [
        .. witness.Violations,
        .. GridLaw.Violations(Master.Nodes),
        .. GridLaw.QuorumViolations(Master.Quorum, endedAt, countsHealth: !variant.CutsAgents),
        .. GridLaw.ForeignViolations(strangers, Master.Nodes),
    ];

    private static string NameOf(KontenaNode node) => node.Spec.KontenaName ?? KontenaName.Of(node.Metadata.Name!, node.Metadata.Uid!);

    private List<NodeSnapshot> Ours => [.. Master.Nodes.Where(n => n is { RemovedAt: null, Origin: not NodeOrigin.Foreign })];
}
