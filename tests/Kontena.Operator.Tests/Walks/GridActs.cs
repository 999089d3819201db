using System.Text;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Walks;

/// <summary>What users do to a grid, in the cluster and at its Master, past every fault of the walk.</summary>
internal sealed class GridActs(World world, Acts acts)
{
    private const string SecretName = "kontena-master";

    private readonly Dictionary<Realm.Entry, IReadOnlyList<string>> relabelled = [];
    private int foreigners;

    private static ObjectKey Key => new(World.Namespace, Realm.GridName);

    public Grid? Grid => world.Api.Peek(KontenaKinds.Grids, Key);

    public bool SecretIsHeld => world.Api.Peek(CoreKinds.Secret, new(World.Namespace, SecretName))?.Metadata.Finalizers is { Count: > 0 };

    public string Make()
    {
        if (Grid is not null) return "has the Grid already";
        if (world.Api.Peek(CoreKinds.Secret, new(World.Namespace, SecretName)) is null) Do(world.Api.CreateAsync(CoreKinds.Secret, new Secret
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Metadata = new ObjectMeta { Namespace = World.Namespace, Name = SecretName },
            Data = new Dictionary<string, byte[]> { ["token"] = Encoding.UTF8.GetBytes("opens-nothing-but-a-walk") },
        }, WriteOptions.Default, CancellationToken.None));
        Do(world.Api.CreateAsync(KontenaKinds.Grids, new Grid
        {
            ApiVersion = KontenaKinds.Grids.ApiVersion,
            Kind = KontenaKinds.Grids.Kind,
            Metadata = new ObjectMeta { Namespace = World.Namespace, Name = Realm.GridName },
            Spec = new GridSpec { Master = new MasterSpec { Url = "https://master.example.com", TokenRef = new TokenRef { Name = SecretName } } },
        }, WriteOptions.Default, CancellationToken.None));
        return "makes the Grid";
    }

    public string Delete()
    {
        if (Grid is not { Metadata.IsBeingDeleted: false }) return "has no Grid to delete";
        Do(world.Api.DeleteAsync(KontenaKinds.Grids, Key, new DeleteQuery(), CancellationToken.None));
        return "deletes the Grid";
    }

    /// <summary>And mostly deletes the node with it.</summary>
    public string AbandonEntry(int which, int how)
    {
        if (acts.Nodes is not { Count: > 0 } nodes) return "has no node whose entry to give up";
        var node = nodes[which % nodes.Count];
        var what = GiveUp(node);
        return how % 4 == 3 || node.Metadata.IsBeingDeleted ? what : $"{what}, {acts.DeleteNode(node)}";
    }

    public string GiveUp(KontenaNode node)
    {
        var body = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [ApiGroup.AbandonNodeAnnotation] = "true" } } };
        Do(world.Api.PatchAsync(KontenaKinds.KontenaNodes, node.Metadata.Key, Patch.Merge(body), WriteOptions.Default, CancellationToken.None));
        return $"gives up the entry of {node.Metadata.Name}";
    }

    public string RemoveEntry(int which)
    {
        if (world.Realm.Ours.ToList() is not { Count: > 0 } entries) return "no entry to remove";
        world.Realm.RemoveByHand(entries[which % entries.Count]);
        return $"{entries[which % entries.Count].Name} is removed by hand";
    }

    /// <summary>Its mark is taken off, or names somebody else.</summary>
    public string Relabel(int which, int how)
    {
        if (world.Realm.Ours.ToList() is not { Count: > 0 } entries) return "no entry to label";
        var entry = entries[which % entries.Count];
        relabelled.TryAdd(entry, entry.Labels);
        entry.Labels = how % 3 == 0 ? KontenaLabels.WithOwner(entry.Labels, "uid-of-elsewhere") : [.. entry.Labels.Where(l => !l.StartsWith(KontenaLabels.Node, StringComparison.Ordinal))];
        return $"{entry.Name} is labelled {string.Join(' ', entry.Labels)} by hand";
    }

    /// <summary>Of any name, of a name that a node of ours is going to have, or with a label copied from ours.</summary>
    public string PlaceForeign(int which, int how)
    {
        var nodes = acts.Nodes.Where(n => n.Spec.GridRef is not null).ToList();
        var node = nodes.Count > 0 ? nodes[which % nodes.Count] : null;
        var name = node is not null && how % 3 == 1 ? NameOf(node) : $"foreign-{++foreigners}";
        if (world.Realm.Find(name) is not null) return $"{name} is there";
        IReadOnlyList<string> labels = node is not null && how % 3 == 2 ? [$"{KontenaLabels.Node}={node.Metadata.Uid}"] : [];
        var entry = world.Realm.AddForeign(name, labels);
        return $"somebody registers {name} with number {entry.Number} {string.Join(' ', labels)}";
    }

    /// <summary>Whoever meddled makes it good.</summary>
    public void Mend()
    {
        foreach (var (entry, labels) in relabelled) entry.Labels = labels;
        foreach (var foreign in world.Realm.Entries.Where(e => e.IsForeign).ToList()) world.Realm.RemoveByHand(foreign);
        if (Grid is null) Make();
    }

    /// <summary>Entries whose nodes are gone and that the operator let be as it was told to: by an annotation, or by a mark that somebody changed.</summary>
    public List<Realm.Entry> LeftToUs => [.. world.Realm.Ours.Where(e => world.Witness.Node(e.MadeFor!) is null && (relabelled.ContainsKey(e) || world.GridWitness.WasLetGo(e.MadeFor!)))];

    public static string NameOf(KontenaNode node) => node.Spec.KontenaName ?? KontenaName.Of(node.Metadata.Name!, node.Metadata.Uid!);

    private static void Do(Task act) => act.GetAwaiter().GetResult();
}
