using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.TestKit;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Engines;

public sealed class RealApiServerTests
{
    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Start_FreshServer_IsReadyAndStopsWithoutATrace()
    {
        var server = await RealApiServer.StartAsync(Ct);
        var folder = Path.GetDirectoryName(server.KubeconfigPath)!;

        Assert.That((await server.Http.GetAsync("/readyz", Ct)).Text, Is.EqualTo("ok"));

        await server.DisposeAsync();
        Assert.That(ProcessesThatMention(folder), Is.Empty);
        Assert.That(Directory.Exists(folder), Is.False);
    }

    [Test]
    public async Task Restart_EarlierDataPutBack_ServesItAtTheSameAddress()
    {
        await using var server = await RealApiServer.StartAsync(Ct);
        await server.InstallCrdsAsync(NodePoolCrds.Read(), Ct);
        var copy = Directory.CreateTempSubdirectory("kontena-etcd-copy-").FullName;
        await server.RestartAsync(data => { CopyFolder(data, copy); return Task.CompletedTask; }, Ct);
        var later = await server.CreateNamespaceAsync(Ct);
        await server.RestartAsync(onData: null, Ct);
        Assert.That((await server.Http.GetAsync($"/api/v1/namespaces/{later}", Ct)).Code, Is.EqualTo(200));

        await server.RestartAsync(data => { Directory.Delete(data, recursive: true); CopyFolder(copy, data); return Task.CompletedTask; }, Ct);

        Assert.That((await server.Http.GetAsync($"/api/v1/namespaces/{later}", Ct)).Code, Is.EqualTo(404));
        Assert.That((await server.Http.GetAsync("/apis/kontena.io/v1alpha1/nodepools", Ct)).Code, Is.EqualTo(200));
        Directory.Delete(copy, recursive: true);
    }

    [Test]
    public async Task Authorization_UserWithoutRights_IsForbidden()
    {
        var server = (RealApiServer)await EndToEndEngines.GetAsync(EngineKind.Real);
        using var developer = new ApiHttp(ClusterAccess.Read(server.UnprivilegedKubeconfigPath));

        var answer = await developer.GetAsync("/apis/kontena.io/v1alpha1/namespaces/default/nodepools", Ct);

        Assert.That((answer.Code, answer.Json["reason"]!.GetValue<string>()), Is.EqualTo((403, "Forbidden")));
    }

    [Test]
    public async Task InstallCrds_RuleInCel_IsEnforced()
    {
        await using var server = await RealApiServer.StartAsync(Ct);
        server.Require(EngineFeature.CelRules);
        await server.InstallCrdsAsync(YamlDocuments.Read("""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: rules.test.kontena.io}
            spec:
              group: test.kontena.io
              scope: Cluster
              names: {kind: Rule, plural: rules, singular: rule, listKind: RuleList}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      least: {type: integer}
                      most: {type: integer}
                    x-kubernetes-validations:
                    - {rule: self.least <= self.most, message: least must not exceed most}
            """), Ct);

        var answer = await server.Http.SendAsync(HttpMethod.Post, "/apis/test.kontena.io/v1/rules", JsonNode.Parse("""
            {"apiVersion": "test.kontena.io/v1", "kind": "Rule", "metadata": {"name": "wrong"}, "least": 2, "most": 1}
            """), "application/json", Ct);

        Assert.That(answer.Code, Is.EqualTo(422));
        Assert.That(answer.Text, Does.Contain("least must not exceed most"));
    }

    [Test]
    public async Task Leash_HolderOfThePipeIsKilled_ServerDies()
    {
        // A second shell stands for the test process: it alone holds the pipe that the leash reads.
        var folder = Directory.CreateTempSubdirectory("kontena-leash-").FullName;
        var mark = Path.Combine(folder, "server");
        File.CreateSymbolicLink(mark, "/bin/sleep");
        using var holder = LeashedProcess.StartHeldByAnother(folder, mark, ["600"]);
        await Eventually.HoldsAsync(() => Task.FromResult(ProcessesThatMention(mark).Count > 0), "the server runs", TimeSpan.FromSeconds(10), Ct);

        holder.Kill();

        await Eventually.HoldsAsync(() => Task.FromResult(ProcessesThatMention(mark).Count == 0), "the server is gone", TimeSpan.FromSeconds(10), Ct);
        Directory.Delete(folder, recursive: true);
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(folder.Replace(from, to, StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories)) File.Copy(file, file.Replace(from, to, StringComparison.Ordinal));
    }

    private static List<string> ProcessesThatMention(string text) =>
    [
        .. Directory.GetDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .Select(folder => TryRead(Path.Combine(folder, "cmdline")))
            .Where(line => line.Contains(text, StringComparison.Ordinal)),
    ];

    private static string TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return ""; // ended meanwhile
        }
    }
}
