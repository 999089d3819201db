using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Installations;
using Kontena.Operator.Resources;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Operator.Tests.Controllers;

public sealed class InstallationRecordTests
{
    private readonly MemoryApi api = new(new ManualTime());

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
        await api.CreateAsync(KontenaKinds.KontenaNodes, Samples.Node("web-0") with { Spec = Samples.NodeSpec(attempt: 1) }, WriteOptions.Default, Ct);

        var installation = await new InstallationRecord(api, "kontena", watched).LoadAsync(Ct);

        Assert.That(installation.Frozen?.Reason, Is.EqualTo(reason));
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

    private async Task<string> KubeSystemAsync()
    {
        var made = await api.CreateAsync(CoreKinds.Namespace, new Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new ObjectMeta { Name = "kube-system" } }, WriteOptions.Default, Ct);
        return made.Metadata.Uid!;
    }
}
