using System.Text.Json.Nodes;
using Kontena.EndToEnd.Manifests.PodSecurity;
using Kontena.Operator;
using Kontena.Operator.Commands;
using Kontena.TestKit;

namespace Kontena.EndToEnd.Manifests;

/// <summary>What the kustomizations come to, read without a server.</summary>
public sealed class ManifestsTests
{
    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [TestCaseSource(typeof(Kustomizations), nameof(Kustomizations.All))]
    public async Task Render_EveryFolder_NoObjectTwice(string kustomization)
    {
        var documents = await Kustomizations.RenderAsync(kustomization, Ct);

        Assert.That(documents, Is.Not.Empty);
        Assert.That(documents.Select(d => d.Title()), Is.Unique);
    }

    [TestCaseSource(typeof(Kustomizations), nameof(Kustomizations.Installs))]
    public async Task Pods_EveryInstall_PassTheRestrictedLevel(string kustomization)
    {
        var templates = (await Kustomizations.RenderAsync(kustomization, Ct)).PodTemplates().ToList();

        Assert.That(templates, Is.Not.Empty);
        Assert.That(templates.SelectMany(RestrictedLevel.Violations), Is.Empty);
    }

    [TestCaseSource(typeof(Kustomizations), nameof(Kustomizations.Installs))]
    public async Task Pods_EveryInstall_WriteNothing(string kustomization)
    {
        var contexts = (await Kustomizations.RenderAsync(kustomization, Ct)).PodTemplates().SelectMany(t => new PodParts(t).ContainerContexts);

        Assert.That(contexts.Where(c => !c["readOnlyRootFilesystem"].IsTrue).Select(c => c.Path), Is.Empty);
    }

    [Test]
    public async Task Namespace_OfTheOperator_EnforcesTheRestrictedLevel()
    {
        var labels = (await Kustomizations.RenderAsync(Kustomizations.Base, Ct)).Only("Namespace")["metadata"]!["labels"].Texts();

        Assert.That(labels["pod-security.kubernetes.io/enforce"], Is.EqualTo("restricted"));
    }

    [TestCaseSource(typeof(Kustomizations), nameof(Kustomizations.Installs))]
    public async Task Arguments_EveryInstall_AreTheProgramsOwn(string kustomization)
    {
        var arguments = PodArguments.Of((await Kustomizations.RenderAsync(kustomization, Ct)).Only("Deployment"));

        Assert.That(CommandTree.Build().Parse([.. arguments]).Errors.Select(e => e.Message), Is.Empty);
        Assert.That(arguments, Has.None.Contains("$("));
    }

    [Test]
    public async Task Image_Tag_IsTheProgramsVersion()
    {
        var container = (await Kustomizations.RenderAsync(Kustomizations.Base, Ct)).Only("Deployment")["spec"]!["template"]!["spec"]!["containers"]![0]!;

        Assert.That(container["image"]!.GetValue<string>(), Is.EqualTo($"kontena-operator:{typeof(Wiring).Assembly.GetName().Version!.ToString(3)}"));
    }

    [TestCaseSource(typeof(Kustomizations), nameof(Kustomizations.Installs))]
    public async Task Selectors_EveryInstall_SelectTheOperatorsPods(string kustomization)
    {
        var documents = await Kustomizations.RenderAsync(kustomization, Ct);
        var labels = documents.PodTemplates().Single()["metadata"]!["labels"].Texts();
        var selectors = documents.OfKind("Deployment", "PodDisruptionBudget").Select(d => d["spec"]!["selector"]!["matchLabels"])
            .Append(documents.Only("NetworkPolicy")["spec"]!["podSelector"]!["matchLabels"])
            .Append(documents.Only("Service")["spec"]!["selector"])
            .Select(s => s.Texts()).ToList();

        Assert.That(selectors, Has.Count.EqualTo(4));
        Assert.That(selectors.Where(s => s.Count == 0 || s.Any(l => labels.GetValueOrDefault(l.Key) != l.Value)), Is.Empty);
    }

    [Test]
    public async Task Ports_ByName_AreTheContainers()
    {
        var documents = await Kustomizations.RenderAsync(Kustomizations.ServiceMonitor, Ct);
        var container = documents.PodTemplates().Single()["spec"]!["containers"]![0]!;
        var service = documents.Only("Service");
        string[] used =
        [
            container["livenessProbe"]!["httpGet"]!["port"]!.ToString(),
            container["readinessProbe"]!["httpGet"]!["port"]!.ToString(),
            service["spec"]!["ports"]![0]!["targetPort"]!.ToString(),
            documents.Only("NetworkPolicy")["spec"]!["ingress"]![0]!["ports"]![0]!["port"]!.ToString(),
        ];

        Assert.That(container["ports"]!.AsArray().Select(p => p!["name"]!.ToString()), Is.EqualTo(new[] { "metrics" }));
        Assert.That(used, Is.All.EqualTo("metrics"));
        Assert.That(PodArguments.Of(documents.Only("Deployment")), Has.Member($"--listen=:{container["ports"]![0]!["containerPort"]}"));
        Assert.That(documents.Only("ServiceMonitor")["spec"]!["endpoints"]![0]!["port"]!.ToString(), Is.EqualTo(service["spec"]!["ports"]![0]!["name"]!.ToString()));
        Assert.That(documents.Only("ServiceMonitor")["spec"]!["selector"]!["matchLabels"].Texts(), Is.SubsetOf(service["metadata"]!["labels"].Texts()));
    }

    [TestCaseSource(typeof(Kustomizations), nameof(Kustomizations.All))]
    public async Task Rules_Everywhere_HaveNoWildcard(string kustomization)
    {
        var grants = (await Kustomizations.RenderAsync(kustomization, Ct)).OfKind("Role", "ClusterRole").SelectMany(Grant.Of);

        Assert.That(grants.Where(g => g.Group == "*" || g.Resource.Contains('*') || g.Verb == "*"), Is.Empty);
    }

    /// <summary>An audit log names one rule for each request: one that says the same again would look unused.</summary>
    [TestCaseSource(typeof(Kustomizations), nameof(Kustomizations.Installs))]
    public async Task Rules_OfTheOperator_AreGrantedOnce(string kustomization)
    {
        var grants = OperatorRoles(await Kustomizations.RenderAsync(kustomization, Ct)).SelectMany(Grant.Of).ToList();

        Assert.That(grants, Is.Not.Empty);
        Assert.That(grants.Where((g, i) => grants.Where((_, j) => j != i).Any(other => other.Covers(g))), Is.Empty);
    }

    [Test]
    public async Task Rules_OfTheOperator_AreAllInTheDocumentation()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryFolders.Root, "docs", "install.md"), Ct);
        var rows = OperatorRoles(await Kustomizations.RenderAsync(Kustomizations.Base, Ct)).SelectMany(r => r["rules"]!.AsArray())
            .Select(r => $"| {string.Join(", ", r!["resources"].Strings().Select(resource => $"`{resource}`"))} | {string.Join(", ", r["verbs"].Strings())} |");

        Assert.That(rows.Where(row => !page.Contains(row, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Namespaced_Rules_AreTheBasesInRolesOnly()
    {
        var cluster = await Kustomizations.RenderAsync(Kustomizations.Base, Ct);
        var single = await Kustomizations.RenderAsync(Kustomizations.Namespaced, Ct);

        Assert.That(single.OfKind("ClusterRole", "ClusterRoleBinding", "Namespace", "CustomResourceDefinition"), Is.Empty);
        Assert.That(single.Where(d => d.Namespace() != "kontena").Select(d => d.Title()), Is.EqualTo(new[]
        {
            "Role kube-system/kontena-operator-cluster-identity.kontena", "RoleBinding kube-system/kontena-operator-cluster-identity.kontena",
        }));
        Assert.That(OperatorRoles(single).SelectMany(Grant.Of), Is.EquivalentTo(OperatorRoles(cluster).SelectMany(Grant.Of)));
        Assert.That(PodArguments.Of(single.Only("Deployment")), Is.SupersetOf(new[] { "--namespace=kontena", "--watch-namespace=kontena" }));
    }

    [TestCaseSource(typeof(Kustomizations), nameof(Kustomizations.Installs))]
    public async Task Bindings_EveryInstall_BindTheDeploymentsAccountToRolesThatAreThere(string kustomization)
    {
        var documents = await Kustomizations.RenderAsync(kustomization, Ct);
        var deployment = documents.Only("Deployment");
        var account = (deployment.Namespace(), deployment["spec"]!["template"]!["spec"]!["serviceAccountName"]!.ToString());
        var bindings = documents.OfKind("RoleBinding", "ClusterRoleBinding").ToList();

        Assert.That(bindings, Has.Count.EqualTo(3));
        Assert.That(bindings.SelectMany(b => b["subjects"]!.AsArray()).Select(s => (s!["namespace"]?.ToString(), s["name"]!.ToString())), Is.All.EqualTo(account));
        Assert.That(documents.OfKind("ServiceAccount").Select(a => (a.Namespace(), a.Name())), Is.EqualTo(new[] { account }));
        foreach (var binding in bindings) Assert.That(documents.Count(d => IsRoleOf(d, binding)), Is.EqualTo(1), binding.Title());
    }

    [Test]
    public async Task UserRoles_Labels_JoinTheClustersOwnRoles()
    {
        var roles = (await Kustomizations.RenderAsync("manifests/users", Ct)).ToDictionary(
            r => r.Name(), r => r["metadata"]!["labels"].Texts().Where(l => l.Value == "true").Select(l => l.Key.Split('/')[^1]).Order().ToArray());

        Assert.That(roles["kontena-view"], Is.EqualTo(new[] { "aggregate-to-admin", "aggregate-to-edit", "aggregate-to-view" }));
        Assert.That(roles["kontena-edit"], Is.EqualTo(new[] { "aggregate-to-admin", "aggregate-to-edit" }));
        Assert.That(roles["kontena-admin"], Is.EqualTo(new[] { "aggregate-to-admin" }));
    }

    private static IEnumerable<JsonObject> OperatorRoles(IReadOnlyList<JsonObject> documents) =>
        documents.OfKind("Role", "ClusterRole").Where(role => documents.OfKind("RoleBinding", "ClusterRoleBinding").Any(b => IsRoleOf(role, b)));

    private static bool IsRoleOf(JsonObject role, JsonObject binding) =>
        role.Kind() == binding["roleRef"]!["kind"]!.ToString() && role.Name() == binding["roleRef"]!["name"]!.ToString()
        && (role.Kind() == "ClusterRole" || role.Namespace() == binding.Namespace());
}
