using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kontena.EndToEnd.Operator;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;

namespace Kontena.EndToEnd.Crash.Staging;

internal static class Variants
{
    public const string UserDataSecret = "user-data";

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
            AtTheCrash = scene => scene.Objects.EditAwsAsync(CrashRun.Pool, new JsonObject { ["instanceTypes"] = new JsonArray("t3a.small"), ["zones"] = new JsonArray("b"), ["tags"] = new JsonObject { ["team"] = "blue" } }),
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
