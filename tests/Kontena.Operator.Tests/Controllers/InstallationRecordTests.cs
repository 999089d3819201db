using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Installations;
using Kontena.Operator.Resources;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Operator.Tests.Controllers;

public sealed class InstallationRecordTests
{
    private readonly ManualTime time = new();
    private readonly MemoryApi api;

    public InstallationRecordTests() => api = new MemoryApi(time);

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Load_AnswerToTheFirstCreateIsLost_TakesWhatWasMade()
    {
        await KubeSystemAsync();
        api.LoseAnswer(c => c is { Verb: ApiVerb.Create, Kind: "configmaps" });

        var installation = await new InstallationRecord(api, "kontena", null).LoadAsync(Ct);

        Assert.That(installation.Id, Is.EqualTo(api.Peek(CoreKinds.ConfigMap, new ObjectKey("kontena", "kontena-installation"))!.Data!["id"]));
        Assert.That(installation.Frozen, Is.Null);
    }

    [TestCase(null, "InstallationLost")]
    [TestCase("prod", "InstallationLost")]
    [TestCase("elsewhere", null)]
    public async Task Load_NoRecordBesideAnAttempt_IsLostOnlyWhereTheOperatorWatches(string? watched, string? reason)
    {
        await KubeSystemAsync();
        var node = await api.CreateAsync(KontenaKinds.KontenaNodes, Samples.Node("web-0"), WriteOptions.Default, Ct);
        var spec = Samples.NodeSpec(attempt: 1);
        await api.UpdateAsync(KontenaKinds.KontenaNodes, node with { Spec = spec with { Attempt = spec.Attempt! with { NodeUID = node.Metadata.Uid! } } }, WriteOptions.Default, Ct);

        var installation = await new InstallationRecord(api, "kontena", watched).LoadAsync(Ct);

        Assert.That(installation.Frozen?.Reason, Is.EqualTo(reason));
    }

    [Test]
    public async Task Load_NoRecordBesideNothingButCopies_IsANewInstallation()
    {
        await KubeSystemAsync();
        await api.CreateAsync(KontenaKinds.KontenaNodes, Samples.Node("web-0") with { Spec = Samples.NodeSpec(attempt: 1) }, WriteOptions.Default, Ct);

        var installation = await new InstallationRecord(api, "kontena", null).LoadAsync(Ct);

        Assert.That((installation.Id.Length, installation.Frozen), Is.EqualTo((16, (Freeze?)null)));
    }

    [Test]
    public async Task Load_MovedAndThisClusterIsNamedInTheAnnotation_MovesTheRecordOnce()
    {
        var cluster = await KubeSystemAsync();
        await RecordAsync("abc", "another-cluster", new() { ["kontena.io/adopt"] = cluster, ["kept"] = "yes" });

        var installation = await new InstallationRecord(api, "kontena", null).LoadAsync(Ct);

        var record = api.Peek(CoreKinds.ConfigMap, new ObjectKey("kontena", "kontena-installation"))!;
        Assert.That(installation, Is.EqualTo(new Installation("abc", null)));
        Assert.That((record.Data!["kubeSystemUID"], record.Metadata.Annotations!.Keys), Is.EqualTo((cluster, new[] { "kept" })));
    }

    [Test]
    public async Task Load_MovedAndAnotherClusterIsNamed_StaysFrozenAndSaysWhatToRun()
    {
        var cluster = await KubeSystemAsync();
        await RecordAsync("abc", "another-cluster", new() { ["kontena.io/adopt"] = "another-cluster" });

        var installation = await new InstallationRecord(api, "kontena", null).LoadAsync(Ct);

        Assert.That(installation.Frozen?.Reason, Is.EqualTo("InstallationMoved"));
        Assert.That(installation.Frozen!.Message, Does.Contain($"\"kubectl annotate configmap kontena-installation -n kontena --overwrite kontena.io/adopt={cluster}\""));
    }

    [Test]
    public async Task AwaitChange_RecordIsMended_Returns()
    {
        var cluster = await KubeSystemAsync();
        await RecordAsync("abc", "another-cluster", []);
        var record = new InstallationRecord(api, "kontena", null);
        var waiting = record.AwaitChangeAsync(await record.LoadAsync(Ct), TimeSpan.FromSeconds(15), time, Ct);

        await PassAPauseAsync();
        Assert.That(waiting.IsCompleted, Is.False);
        await api.PatchAsync(CoreKinds.ConfigMap, new ObjectKey("kontena", "kontena-installation"), Patch.Merge(new JsonObject { ["data"] = new JsonObject { ["kubeSystemUID"] = cluster } }), WriteOptions.Default, Ct);
        await PassAPauseAsync();

        await waiting.WaitAsync(TimeSpan.FromSeconds(5), Ct);
    }

    [TestCase("id")]
    [TestCase("kubeSystemUID")]
    public async Task Load_RecordWithoutAKey_IsFrozenAndNotRewritten(string missing)
    {
        var cluster = await KubeSystemAsync();
        var data = new Dictionary<string, string> { ["id"] = "abc", ["kubeSystemUID"] = cluster };
        data.Remove(missing);
        var record = new ConfigMap { ApiVersion = "v1", Kind = "ConfigMap", Metadata = new ObjectMeta { Namespace = "kontena", Name = "kontena-installation" }, Data = data };
        await api.CreateAsync(CoreKinds.ConfigMap, record, WriteOptions.Default, Ct);
        api.ClearCalls();

        var installation = await new InstallationRecord(api, "kontena", null).LoadAsync(Ct);

        Assert.That((installation.Id, installation.Frozen?.Reason), Is.EqualTo(("", "InstallationLost")));
        Assert.That(api.Writes, Is.Empty);
    }

    private async Task PassAPauseAsync()
    {
        await Eventually.HoldsAsync(() => Task.FromResult(time.WaitingTimers == 1), "it pauses", TimeSpan.FromSeconds(10), Ct);
        time.Advance(TimeSpan.FromSeconds(15));
    }

    private Task<ConfigMap> RecordAsync(string id, string home, Dictionary<string, string> annotations) => api.CreateAsync(CoreKinds.ConfigMap, new ConfigMap
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new ObjectMeta { Namespace = "kontena", Name = "kontena-installation", Annotations = annotations },
        Data = new Dictionary<string, string> { ["id"] = id, ["kubeSystemUID"] = home },
    }, WriteOptions.Default, Ct);

    private async Task<string> KubeSystemAsync()
    {
        var made = await api.CreateAsync(CoreKinds.Namespace, new Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new ObjectMeta { Name = "kube-system" } }, WriteOptions.Default, Ct);
        return made.Metadata.Uid!;
    }
}
