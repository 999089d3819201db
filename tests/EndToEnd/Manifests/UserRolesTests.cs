using System.Text.Json.Nodes;
using Kontena.TestKit;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Manifests;

/// <summary>What users may do with pools who hold the cluster's own roles in a namespace: the controller of ClusterRoles has joined ours to them.</summary>
[Platform("Linux")]
public sealed class UserRolesTests
{
    private const string Namespace = "users";

    private static readonly TimeSpan patience = Eventually.Patience;

    /// <summary>Ends when each role has a user that holds it.</summary>
    private static readonly Lazy<Task> users = new(BindAsync);

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [TestCase("view", "list", "nodepools", true)]
    [TestCase("view", "watch", "kontenanodes", true)]
    [TestCase("view", "get", "nodepools/scale", true)]
    [TestCase("view", "patch", "nodepools", false)]
    [TestCase("view", "delete", "kontenanodes", false)]
    [TestCase("edit", "get", "nodepools", true)]
    [TestCase("edit", "create", "nodepools", true)]
    [TestCase("edit", "patch", "nodepools/scale", true)]
    [TestCase("edit", "update", "nodepools/status", false)]
    [TestCase("edit", "delete", "kontenanodes", true)]
    [TestCase("edit", "create", "kontenanodes", false)]
    [TestCase("edit", "patch", "kontenanodes", false)]
    [TestCase("view", "get", "grids", true)]
    [TestCase("view", "patch", "grids", false)]
    [TestCase("edit", "create", "grids", true)]
    [TestCase("edit", "delete", "grids", true)]
    [TestCase("edit", "update", "grids/status", false)]
    [TestCase("admin", "delete", "nodepools", true)]
    [TestCase("admin", "patch", "kontenanodes", true)]
    [TestCase("admin", "create", "kontenanodes", false)]
    [TestCase("admin", "update", "kontenanodes/status", false)]
    public async Task Role_InItsNamespace_MayDoThis(string role, string verb, string resource, bool allowed)
    {
        await UsersAsync();
        Assert.That(await MayAsync(role, verb, resource, Namespace, Ct), Is.EqualTo(allowed));
    }

    [Test]
    public async Task Role_InAnotherNamespace_MayNothing()
    {
        await UsersAsync();
        Assert.That(await MayAsync("admin", "list", "nodepools", "default", Ct), Is.False);
    }

    private static async Task UsersAsync()
    {
        (await SharedInstall.GetAsync()).Server.Require(EngineFeature.GarbageCollection);
        await users.Value;
    }

    private static async Task BindAsync()
    {
        var cluster = await SharedInstall.GetAsync();
        await cluster.CreateNamespaceAsync(Namespace, CancellationToken.None);
        foreach (var role in new[] { "view", "edit", "admin" })
            (await cluster.Kubectl.RunAsync(["create", "rolebinding", role, "-n", Namespace, $"--clusterrole={role}", $"--user={Holder(role)}"], null, null, CancellationToken.None)).Succeeded();
        // What each has last: all three are joined, and the API server's authoriser has seen it.
        await Eventually.HoldsAsync(async () =>
            await MayAsync("view", "list", "nodepools", Namespace, CancellationToken.None) && await MayAsync("edit", "create", "nodepools", Namespace, CancellationToken.None)
            && await MayAsync("admin", "patch", "kontenanodes", Namespace, CancellationToken.None), "the roles are joined", patience, CancellationToken.None);
    }

    /// <summary>The tests themselves are the user admin.</summary>
    private static string Holder(string role) => $"holder-of-{role}";

    private static async Task<bool> MayAsync(string role, string verb, string resource, string ns, CancellationToken ct)
    {
        var parts = resource.Split('/');
        var attributes = new JsonObject { ["namespace"] = ns, ["verb"] = verb, ["group"] = "kontena.io", ["resource"] = parts[0], ["subresource"] = parts.Length > 1 ? parts[1] : "" };
        var review = new JsonObject { ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = "SubjectAccessReview", ["spec"] = new JsonObject { ["user"] = Holder(role), ["resourceAttributes"] = attributes } };
        var server = (await SharedInstall.GetAsync()).Server;
        var answer = await server.Http.SendAsync(HttpMethod.Post, "/apis/authorization.k8s.io/v1/subjectaccessreviews", review, "application/json", ct);
        return answer.Succeeded()["status"]!["allowed"]!.GetValue<bool>();
    }
}
