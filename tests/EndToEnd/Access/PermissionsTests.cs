using Kontena.EndToEnd.Engines;
using Kontena.EndToEnd.Manifests;
using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Orphans;
using Kontena.Simulator.Faults;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Access;

/// <summary>
/// What the manifests grant is what the operator does, by the real API server's audit log. Runs after all scenes (it cannot run beside them), and plays
/// enough itself to stand alone.
/// </summary>
[NonParallelizable]
public sealed class PermissionsTests() : OperatorTests(SceneEngine.Real)
{
    private const string OtherFinalizer = "example.org/another-controller";

    /// <summary>No request carries it; <see cref="OwnerEnforcementTests"/> shows who asks for it.</summary>
    private static readonly Grant[] unseen = [new("kontena.io", "nodepools/finalizers", "update", null)];

    [Test]
    [Order(1)]
    public async Task EveryPermission_IsUsed([Values(Kustomizations.Base, Kustomizations.Namespaced)] string kustomization)
    {
        await PlayThroughAsync(kustomization == Kustomizations.Base ? SceneInstall.ClusterWide : SceneInstall.Namespaced);
        var granted = (await InstalledAccount.OfAsync(kustomization)).Roles.SelectMany(Grant.Of).Except(unseen).ToList();

        Assert.That(await IdleAsync(granted), Is.Empty, "granted in vain");
    }

    [Test]
    [Order(2)]
    public async Task NoRequest_IsForbidden()
    {
        await PlayThroughAsync(SceneInstall.Namespaced);

        var refused = (await TrailAsync()).Where(r => !r.Allowed).Select(r => $"{r.Verb} {r.ResourceInRules} {r.Name}").Distinct();

        Assert.That(refused, Is.Empty);
    }

    /// <summary>The least that makes operators ask for all that they may.</summary>
    private async Task PlayThroughAsync(SceneInstall install)
    {
        var scene = await OpenAsync((Usual with { Install = install, LeaderElection = true }).AtSpeed(60));
        scene.Ec2.SetCapacity("eu-west-1a", "t3.small", 0);
        await scene.Objects.PoolAsync(scene.Cloud, "web", replicas: null, aws => aws with { Zones = ["a"], InstanceTypes = ["t3.small", "t3a.small"] });
        await scene.Objects.SetPoolFinalizersAsync("web", OtherFinalizer);
        await OfTheFirstLifeAsync(scene);
        await OfAMovedClusterAsync(scene);
        await OfTheNextLivesAsync(scene);
        await OfAStandbyAsync(scene);
        await OfAGridAsync(scene);
        scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.LostAnswer, Action = "RunInstances", Count = 1 });
        await scene.Objects.ScaleAsync("web", 2);
        await scene.Waits.UntilAsync(() => scene.Ec2.Faults.All.Single().Struck > 0, "a create call is in doubt: its node leaves a tombstone");
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        await scene.Waits.UntilAsync(async () => (await scene.Objects.TombstonesAsync()).All(t => t.Data!["nodeName"] != "long-gone"), "the tombstone whose time is over goes");
    }

    /// <summary>There are no credentials yet.</summary>
    private static async Task OfTheFirstLifeAsync(OperatorScene scene)
    {
        await scene.StartOperatorAsync();
        await scene.Waits.StalledAsync("web", "CredentialsMissing");
        await scene.Operator.StopAsync();
    }

    private static async Task OfAMovedClusterAsync(OperatorScene scene)
    {
        var record = (await scene.Objects.FindInstallationAsync())!.Data!;
        await scene.Objects.AnnotateInstallationAsync(ApiGroup.AdoptAnnotation, record["kubeSystemUID"]);
        await scene.Objects.EditInstallationAsync("kubeSystemUID", "11111111-2222-3333-4444-555555555555");
        var pool = await scene.Objects.PoolAsync("web");
        await scene.Objects.CreateTombstoneAsync(new Tombstone
        {
            Kind = TombstoneKind.Late,
            Installation = record["id"],
            NodeUid = "22222222-2222-3333-4444-555555555555",
            NodeName = "long-gone",
            Namespace = scene.Namespace,
            PoolUid = pool.Metadata.Uid!,
            PoolName = "web",
            Attempt = 1,
            Token = "gone",
            Provider = pool.Spec.Provider,
            WrittenAt = scene.Time.GetUtcNow() - Tombstone.Lasts * 2,
            Until = scene.Time.GetUtcNow() - Tombstone.Lasts,
        });
    }

    /// <summary>The answer to a node's creation is lost, and a third process has the same Event to tell as the second.</summary>
    private static async Task OfTheNextLivesAsync(OperatorScene scene)
    {
        var lost = 0;
        await scene.StartOperatorAsync(scene.MeddledApi(losesAnswerOf: what => what.StartsWith("create kontenanodes", StringComparison.Ordinal) && Interlocked.Increment(ref lost) == 1));
        await scene.Objects.CredentialsAsync();
        await scene.Waits.ReadyAsync("web", 1);
        await ReadyIsToldAsync(scene, times: 1);
        await scene.Operator.StopAsync();
        await scene.StartOperatorAsync(scene.MeddledApi(before: what => what.StartsWith("patch nodepools", StringComparison.Ordinal) ? TakeOtherFinalizerOffAsync(scene) : Task.CompletedTask));
        await scene.Objects.DeleteNodeAsync("web-0");
        await ReadyIsToldAsync(scene, times: 2);
    }

    /// <summary>Its Master need not answer for the Grid to be held, told of, freed of a node that is gone, and let go.</summary>
    private static async Task OfAGridAsync(OperatorScene scene)
    {
        await scene.Objects.GridAsync("prod", "https://127.0.0.1:1");
        await scene.Waits.UntilAsync(async () => (await scene.Objects.FindGridAsync("prod"))?.Status?.Conditions.Any(c => c.Reason == GridReasons.TokenMissing) == true, "the Grid says what it lacks");
        await scene.Objects.TakeSlotAsync("prod", new GridSlot { NodeUID = "long-gone", Name = "web-9", Number = 1, Since = scene.Time.GetUtcNow() });
        await scene.Waits.UntilAsync(async () => (await scene.Objects.FindGridAsync("prod"))!.Status!.Replacing is null, "the slot is freed");
        await scene.Objects.DeleteGridAsync("prod");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindGridAsync("prod") is null, "the Grid goes");
    }

    /// <summary>Ends again: the server writes a watch down when it is over.</summary>
    private static async Task OfAStandbyAsync(OperatorScene scene)
    {
        var standby = await scene.StartAnotherAsync();
        await scene.Waits.UntilAsync(() => standby.Api.Watches.Contains("leases"), "it watches the lease");
        await standby.StopAsync();
    }

    /// <summary>Another's finalizer goes right before the operator takes off its own: that one is not where it was seen.</summary>
    private static async Task TakeOtherFinalizerOffAsync(OperatorScene scene)
    {
        var pool = await scene.Objects.PoolAsync("web");
        if (pool.Metadata is { IsBeingDeleted: true } && pool.Metadata.Finalizers!.Contains(OtherFinalizer))
            await scene.Objects.SetPoolFinalizersAsync("web", [.. pool.Metadata.Finalizers!.Except([OtherFinalizer])]);
    }

    private static Task ReadyIsToldAsync(OperatorScene scene, int times) => scene.Waits.UntilAsync(
        async () => (await scene.Objects.EventsAsync()).Any(e => e is { Reason: "Ready", InvolvedObject.Kind: "NodePool" } && e.Count >= times), $"an Event says Ready, {times} times");

    private static async Task<IReadOnlyList<Grant>> IdleAsync(IReadOnlyList<Grant> granted)
    {
        var used = (await TrailAsync()).Where(r => r.Allowed).Distinct().ToList();
        return [.. granted.Where(grant => !used.Any(grant.Allows))];
    }

    private static async Task<IReadOnlyList<AuditedRequest>> TrailAsync() =>
        [.. ((RealApiServer)await EndToEndEngines.GetAsync(EngineKind.Real)).Audit.Read()];
}
