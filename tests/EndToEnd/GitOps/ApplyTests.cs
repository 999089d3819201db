using System.Text.Json.Nodes;
using Kontena.EndToEnd.Engines;
using Kontena.EndToEnd.Operator;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.GitOps;

/// <summary>An unmodified kubectl applies what a repository holds, again and again, while the operator writes what it needs: the two never get into each other's way.</summary>
public sealed class ApplyTests : OperatorTests
{
    private const string Elastic = "elastic";

    /// <summary>How a manifest is applied.</summary>
    public enum Mode
    {
        ClientSide,
        ServerSide,
    }

    [Test]
    public async Task AppliedAgain_EverySampleAndAPoolWithoutReplicas_NothingIsWritten([Values] SceneEngine engine, [Values] Mode mode)
    {
        var scene = await OpenAsync(engine, mode);
        using var repository = new Repository(scene);
        var objects = repository.Samples().Append(repository.Pool(Elastic, replicas: null)).ToList();
        // Kubernetes' own: a server-side apply of stringData is a write each time. Flux turns it into data before it applies (fluxcd/pkg/ssa, normalize).
        if (mode == Mode.ServerSide) objects.ForEach(Repository.EncodeSecret);
        var file = repository.Write("all.yaml", objects);
        await scene.StartOperatorAsync();
        await ApplyAsync(repository, mode, file);
        await scene.Waits.ReadyAsync("web", 3);
        await scene.Waits.ReadyAsync(Elastic, 1);
        // Not the manifest's to say, so it stays.
        await repository.RunAsync("scale", "np", Elastic, "--replicas=2");
        await scene.Waits.ReadyAsync(Elastic, 2);
        await SettledAsync(scene);
        var before = await VersionsAsync(repository, file);
        Assert.That(before, Has.Count.EqualTo(objects.Count));
        var writes = scene.Operator.Api.Writes.Count;

        var said = await ApplyAsync(repository, mode, file);

        // kubectl always sends stringData, which is never there to compare with, and so calls such a Secret configured though nothing changed.
        if (mode == Mode.ClientSide) Assert.That(said.Where(line => !line.StartsWith("secret/", StringComparison.Ordinal)), Is.All.EndsWith("unchanged"));
        Assert.That(said, Has.Count.EqualTo(objects.Count));
        Assert.That(await VersionsAsync(repository, file), Is.EqualTo(before));
        await scene.Waits.ListingsAsync(3);
        Assert.That(scene.Operator.Api.Writes.Skip(writes), Is.Empty);
        Assert.That(await VersionsAsync(repository, file), Is.EqualTo(before));
        var diff = await repository.Kubectl.RunAsync(["diff", .. ServerSide(mode), "-f", file], null, null, Ct);
        Assert.That((diff.ExitCode, diff.Output), Is.EqualTo((0, "")));
        Assert.That((await scene.Objects.PoolAsync(Elastic)).Spec.Replicas, Is.EqualTo(2));
    }

    [Test]
    public async Task GridSampleAppliedAgain_NothingIsWritten_AndDeletedInOneGoNothingIsLeft([Values] SceneEngine engine, [Values] Mode mode)
    {
        await RequireAsync(engine, mode);
        var scene = await OpenAsync(new SceneOptions { Engine = engine }.WithGrid());
        using var repository = new Repository(scene);
        var objects = repository.Sample(Repository.GridSample);
        if (mode == Mode.ServerSide) foreach (var secret in objects) Repository.EncodeSecret(secret);
        var file = repository.Write("grid.yaml", objects);
        await scene.StartOperatorAsync();
        await ApplyAsync(repository, mode, file);
        await repository.RunAsync("wait", "kg/demo", "np/web", "--for=condition=Ready", "--timeout=50s");
        await SettledAsync(scene);
        var before = await VersionsAsync(repository, file);
        var writes = scene.Operator.Api.Writes.Count;

        await ApplyAsync(repository, mode, file);

        await scene.Grids.PollsAsync(3);
        Assert.That(await VersionsAsync(repository, file), Is.EqualTo(before));
        Assert.That(scene.Operator.Api.Writes.Skip(writes), Is.Empty);
        var diff = await repository.Kubectl.RunAsync(["diff", .. ServerSide(mode), "-f", file], null, null, Ct);
        Assert.That((diff.ExitCode, diff.Output), Is.EqualTo((0, "")));
        await repository.RunAsync("delete", "-f", file, "--timeout=50s");
        Assert.That((scene.Living.Count, scene.Grids.Entries.Count, (await scene.Grids.AllAsync()).Count), Is.EqualTo((0, 0, 0)));
        Assert.That(await scene.Objects.FindSecretAsync(SceneGrids.TokenSecret), Is.Null);
    }

    [Test]
    public async Task ReplicasTakenOutOfTheManifest_CountStays([Values] SceneEngine engine, [Values] Mode mode)
    {
        var scene = await OpenAsync(engine, mode);
        using var repository = new Repository(scene);
        await scene.Objects.CredentialsAsync();
        await scene.StartOperatorAsync();
        await ApplyAsync(repository, mode, repository.Write("pool.yaml", repository.Pool("web", 3)));
        await scene.Waits.ReadyAsync("web", 3);

        await ApplyAsync(repository, mode, repository.Write("pool.yaml", repository.Pool("web", replicas: null)));

        await scene.Waits.UntilAsync(async () => (await scene.Objects.PoolAsync("web")).Spec.Replicas == 3, "the present count is written");
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Machines.Count(), Is.EqualTo(3), "none was removed or added meanwhile");
    }

    [Test]
    public async Task DriftCorrection_TwentyForcedApplies_NoPingPong([Values] SceneEngine engine)
    {
        var scene = await OpenAsync(engine, Mode.ServerSide);
        using var repository = new Repository(scene);
        await scene.Objects.CredentialsAsync();
        await scene.StartOperatorAsync();
        var fixedPool = repository.Write("web.yaml", repository.Pool("web", 3, new JsonObject { ["finalizers"] = new JsonArray("example.com/mine"), ["annotations"] = new JsonObject { ["example.com/note"] = "mine" } }));
        var elastic = repository.Write("elastic.yaml", repository.Pool(Elastic, replicas: null));
        var generations = new HashSet<long>();
        for (var round = 0; round < 20; round++)
        {
            await repository.RunAsync("apply", "--server-side", "--force-conflicts", "--field-manager=kustomize-controller", "-f", fixedPool, "-f", elastic);
            generations.Add((await scene.Objects.PoolAsync("web")).Metadata.Generation!.Value);
            if (round == 10) await scene.Waits.ReadyAsync("web", 3);
        }
        await scene.Waits.ReadyAsync(Elastic, 1);

        Assert.That(generations, Is.EqualTo(new[] { 1L }));
        Assert.That((await scene.Objects.PoolAsync(Elastic)).Metadata.Generation, Is.EqualTo(2), "the manifest's, and the one with the operator's replicas");
        // One each for finalizer and annotation, one for replicas, and one that meets another version now and then; the rest are statuses of pools on their way.
        Assert.That(scene.Operator.Api.Writes.Count(w => w.StartsWith("patch nodepools", StringComparison.Ordinal)), Is.LessThanOrEqualTo(6), string.Join('\n', scene.Operator.Api.Writes));
        Assert.That(scene.Operator.Api.Writes.Count(w => w.StartsWith("update nodepools", StringComparison.Ordinal)), Is.LessThanOrEqualTo(20));
        var pool = await repository.GetAsync("np", "web");
        Assert.That(pool["metadata"]!["finalizers"]!.AsArray().Select(f => (string)f!), Is.EquivalentTo(new[] { "example.com/mine", "kontena.io/nodes" }));
        Assert.That((string?)pool["metadata"]!["annotations"]!["kontena.io/held-secrets"], Is.EqualTo("aws"));
        Assert.That((string?)pool["metadata"]!["annotations"]!["example.com/note"], Is.EqualTo("mine"));
        // Or it would hold the object for ever: it is this test's own.
        await repository.RunAsync("patch", "np", "web", "--type=merge", "-p", """{"metadata": {"finalizers": ["kontena.io/nodes"]}}""");
    }

    [Test]
    public async Task FieldManagers_OperatorNamesItselfInEveryWrite_AndOwnsWhatItNeeds([Values] SceneEngine engine)
    {
        var scene = await OpenAsync(engine, Mode.ServerSide);
        using var repository = new Repository(scene);
        await scene.StartOperatorAsync();
        var secret = repository.Samples().Single(o => (string?)o["metadata"]!["name"] == "aws");
        Repository.EncodeSecret(secret);
        var file = repository.Write("pool.yaml", secret, repository.Pool("web", replicas: null));
        await repository.RunAsync("apply", "--server-side", "--field-manager=flux", "-f", file);
        await scene.Waits.ReadyAsync("web", 1);

        // Another manager with the same manifest, unforced: nothing of it is the operator's.
        await repository.RunAsync("apply", "--server-side", "--field-manager=argocd-controller", "-f", file);

        foreach (var (what, name, managers) in new[]
        {
            ("np", "web", new[] { "argocd-controller", "flux", "kontena-operator" }),
            ("secret", "aws", ["argocd-controller", "flux", "kontena-operator"]),
            ("kn", "web-0", ["kontena-operator"]),
            ("configmap", "kontena-installation", ["kontena-operator"]),
        })
            Assert.That(Managers(await repository.GetAsync(what, name)).Distinct(), Is.EquivalentTo(managers), $"{what} {name}");
        var pool = await repository.GetAsync("np", "web");
        var own = pool["metadata"]!["managedFields"]!.AsArray().Where(f => (string?)f!["manager"] == "kontena-operator").Select(f => f!["fieldsV1"]!.ToJsonString()).ToList();
        foreach (var field in new[] { "kontena.io/nodes", "kontena.io/held-secrets", "f:replicas", "f:conditions" })
            Assert.That(own.Any(o => o.Contains(field, StringComparison.Ordinal)), $"the operator owns {field}");
        Assert.That(own, Has.None.Contains("f:provider"));
    }

    [Test]
    public async Task Replaced_WithoutWhatTheOperatorAdded_ItIsPutBack([Values] SceneEngine engine)
    {
        var scene = await OpenAsync(engine, Mode.ClientSide);
        using var repository = new Repository(scene);
        await scene.Objects.CredentialsAsync();
        await scene.StartOperatorAsync();
        var file = repository.Write("pool.yaml", repository.Pool("web", 2));
        await repository.RunAsync("create", "-f", file);
        await scene.Waits.ReadyAsync("web", 2);

        await repository.RunAsync("replace", "-f", file);

        await scene.Waits.UntilAsync(async () => (await scene.Objects.PoolAsync("web")).Metadata is { Finalizers: ["kontena.io/nodes"], Annotations: { } a } && a["kontena.io/held-secrets"] == "aws", "finalizer and annotation are back");
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        Assert.That(scene.Living, Is.Empty, "not before its machines");
    }

    [Test]
    public async Task AppliedClientSide_WithFinalizersOfItsOwn_OperatorsIsPutBack([Values] SceneEngine engine)
    {
        var scene = await OpenAsync(engine, Mode.ClientSide);
        using var repository = new Repository(scene);
        await scene.Objects.CredentialsAsync();
        await scene.StartOperatorAsync();
        var file = repository.Write("pool.yaml", repository.Pool("web", 1, new JsonObject { ["finalizers"] = new JsonArray("example.com/mine") }));
        await repository.RunAsync("apply", "-f", file);
        await scene.Waits.ReadyAsync("web", 1);

        // A merge patch: it replaces the list.
        Assert.That(await repository.RunAsync("apply", "-f", file), Is.All.EndsWith("configured"));

        await scene.Waits.UntilAsync(async () => (await scene.Objects.PoolAsync("web")).Metadata.Finalizers is ["example.com/mine", "kontena.io/nodes"], "the operator's is back");
        Assert.That((await scene.Objects.PoolAsync("web")).Metadata.Generation, Is.EqualTo(1));
        // Or it would hold the object for ever: it is this test's own.
        await repository.RunAsync("patch", "np", "web", "--type=merge", "-p", """{"metadata": {"finalizers": ["kontena.io/nodes"]}}""");
    }

    [Test]
    public async Task SampleDeletedInOneGo_SecretOutlastsThePool_NothingIsLeft([Values] SceneEngine engine)
    {
        var scene = await OpenAsync(engine, Mode.ClientSide);
        using var repository = new Repository(scene);
        await scene.StartOperatorAsync();
        var file = repository.Write("aws.yaml", [.. repository.Samples().Where(o => (string?)o["metadata"]!["name"] is "aws" or "web")]);
        await repository.RunAsync("apply", "-f", file);
        await repository.RunAsync("wait", "np/web", "--for=condition=Ready", "--timeout=50s");

        await repository.RunAsync("delete", "-f", file, "--timeout=50s");

        Assert.That(scene.Machines.Count(), Is.EqualTo(3));
        Assert.That(scene.Living, Is.Empty);
        Assert.That(await scene.Objects.NodesAsync(), Is.Empty);
        Assert.That(await scene.Objects.FindSecretAsync("aws"), Is.Null);
    }

    private async Task<OperatorScene> OpenAsync(SceneEngine engine, Mode mode)
    {
        await RequireAsync(engine, mode);
        return await OpenAsync(new SceneOptions { Engine = engine });
    }

    private static async Task RequireAsync(SceneEngine engine, Mode mode)
    {
        if (mode == Mode.ServerSide) (await EndToEndEngines.GetAsync(engine == SceneEngine.Real ? EngineKind.Real : EngineKind.Embedded)).Require(EngineFeature.ServerSideApply);
    }

    private static Task<IReadOnlyList<string>> ApplyAsync(Repository repository, Mode mode, string file) => repository.RunAsync(["apply", .. ServerSide(mode), "-f", file]);

    private static string[] ServerSide(Mode mode) => mode == Mode.ServerSide ? ["--server-side"] : [];

    private static IEnumerable<string> Managers(JsonObject resource) => resource["metadata"]!["managedFields"]!.AsArray().Select(f => (string)f!["manager"]!);

    /// <summary>Generation and resourceVersion of each object of the manifest.</summary>
    private static Task<IReadOnlyList<string>> VersionsAsync(Repository repository, string file) =>
        repository.RunAsync("get", "-f", file, "-o", """jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.generation} {.metadata.resourceVersion}{"\n"}{end}""");

    private static async Task SettledAsync(OperatorScene scene)
    {
        var before = -1;
        await scene.Waits.UntilAsync(async () =>
        {
            var now = scene.Operator.Api.Writes.Count + scene.Operator.Api.EventWrites;
            var same = now == before;
            before = now;
            await scene.Waits.ListingsAsync(4);
            return same;
        }, "nothing is written over four listings");
    }
}
