using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kontena.EndToEnd.Operator;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;

namespace Kontena.EndToEnd.Crash.Staging;

internal static class Variants
{
    public const string UserDataSecret = "user-data";

    private const string MasterCloud = "kontena";

    private static readonly string[] masterReads = ["GET /", "GET /v1/grids/:grid", "GET /v1/grids/:grid/nodes", "GET /v1/nodes/:grid/:node", "GET /v1/nodes/:grid/:node/token", "GET /v1/nodes/:grid/:node/health", "GET /v1/containers/:grid"];
    private static readonly string[] masterWrites = ["POST /v1/grids/:grid/nodes", "PUT /v1/nodes/:grid/:node", "DELETE /v1/nodes/:grid/:node"];

    private const string NewKeyId = "AKIAKONTENAROTATED00";
    private const string NewKey = "simulator-secret-after-the-rotation";

    public static Variant Plain { get; } = new("plain");

    public static IReadOnlyList<Variant> All { get; } =
    [
        new("lost answers")
        {
            Prepare = scene => Lose(scene, "RunInstances", "TerminateInstances"),
        },
        new("fresh machines are invisible")
        {
            Options = options => options with { Ec2 = options.Ec2 with { InvisibleFor = TimeSpan.FromSeconds(0.4) } },
        },
        new("throttling")
        {
            RefusesByChance = true,
            Prepare = scene => scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.Throttle, Probability = 0.3, Seed = 7 }),
        },
        new("no room for the first type")
        {
            Prepare = scene =>
            {
                foreach (var zone in new[] { "eu-west-1a", "eu-west-1b", "eu-west-1c" }) scene.Ec2.SetCapacity(zone, "t3.small", 0);
            },
        },
        new("spec edited")
        {
            AtTheCrash = scene => scene.Objects.EditAwsAsync(User.Pool, new JsonObject { ["instanceTypes"] = new JsonArray("t3a.small"), ["zones"] = new JsonArray("b"), ["tags"] = new JsonObject { ["team"] = "blue" } }),
        },
        new("user-data changed")
        {
            AtTheCrash = scene => scene.Objects.EditSecretAsync(UserDataSecret, "data", "#cloud-config\n# edited at the crash\n"),
        },
        new("credentials rotated")
        {
            Options = options => options with { Ec2 = options.Ec2 with { AccessKeys = new ConcurrentDictionary<string, string> { [Ec2Options.DemoAccessKeyId] = Ec2Options.DemoSecretAccessKey, [NewKeyId] = NewKey } } },
            AtTheCrash = RotateAsync,
        },
        new("cache 5 s old") { CacheAge = TimeSpan.FromSeconds(5) },
        new("pool deleted at the crash") { DeletesAtTheCrash = true, Speed = 30 },
        new("stands still, comes back when all is settled") { ComesBack = Return.WhenSettled, Speed = 5 },
        new("stands still, comes back when all is gone") { ComesBack = Return.AfterDeletion, Speed = 5 },
    ];

    /// <summary>What goes wrong with security groups, and of the others what could: fresh ones are invisible, too.</summary>
    public static IReadOnlyList<Variant> OfPorts { get; } =
    [
        new("lost answers about groups")
        {
            Prepare = scene => Lose(scene, "CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress", "ModifyInstanceAttribute", "DeleteSecurityGroup"),
        },
        new("lists of groups break off")
        {
            RefusesByChance = true,
            Prepare = scene => scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.HalfPage, Action = "DescribeSecurityGroups", Probability = 0.3, Seed = 5 }),
        },
        .. All.Where(v => v.Name is "fresh machines are invisible" or "throttling" || v.CacheAge > TimeSpan.Zero || v.DeletesAtTheCrash || v.ComesBack is not null),
    ];

    /// <summary>What goes wrong at a Kontena Master, and with nodes there.</summary>
    public static IReadOnlyList<Variant> OfMaster { get; } =
    [
        new("the Master's answers are lost")
        {
            Prepare = scene =>
            {
                foreach (var action in masterWrites) scene.Cloud.Master.Faults.Add(new Fault { Kind = FaultKind.LostAnswer, Cloud = MasterCloud, Action = action, Count = 2 });
            },
        },
        new("the Master fails now and then")
        {
            RefusesByChance = true,
            Prepare = scene =>
            {
                foreach (var action in masterReads.Concat(masterWrites)) scene.Cloud.Master.Faults.Add(new Fault { Kind = FaultKind.ServerError, Cloud = MasterCloud, Action = action, Probability = 0.3, Seed = 11 });
            },
        },
        new("the Master is away at the crash")
        {
            AtTheCrashInGrid = (grid, _) => grid.Master.StopAsync(),
            AfterTheCrash = async (grid, untilAsync) =>
            {
                await untilAsync(() => grid.SaysThatTheMasterIsAway, "the Grid says that its Master does not answer");
                await grid.Master.StartAsync(grid.Scene.Ct);
            },
            CutsAgents = true,
        },
        new("the Master's lists come late") { ListsLate = TimeSpan.FromSeconds(0.15) },
    ];

    /// <summary>The same for nodes that are on their way into a grid.</summary>
    public static IReadOnlyList<Variant> OfJoining { get; } =
    [
        new("names are taken at the crash")
        {
            AtTheCrashInGrid = (grid, nodes) =>
            {
                grid.TakeNames(nodes);
                return Task.CompletedTask;
            },
            ReasonsToDelete = new HashSet<string> { "NameTaken" },
        },
        new("node tokens are reset at the crash")
        {
            AtTheCrashInGrid = (grid, _) => grid.ResetTokensAsync(),
            ReasonsToDelete = new HashSet<string> { "AgentOffline", "WrongToken" },
            CutsAgents = true,
        },
    ];

    /// <summary>The first two answers of each are lost, whoever asks.</summary>
    private static void Lose(OperatorScene scene, params IEnumerable<string> actions)
    {
        foreach (var action in actions) scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.LostAnswer, Action = action, Count = 2 });
    }

    /// <summary>The old key ends at once, the Secret has the new one.</summary>
    private static async Task RotateAsync(OperatorScene scene)
    {
        await scene.Objects.EditSecretAsync(SceneObjects.CredentialsName, "accessKeyID", NewKeyId);
        await scene.Objects.EditSecretAsync(SceneObjects.CredentialsName, "secretAccessKey", NewKey);
        ((ConcurrentDictionary<string, string>)scene.Ec2.Options.AccessKeys).TryRemove(Ec2Options.DemoAccessKeyId, out _);
    }
}
