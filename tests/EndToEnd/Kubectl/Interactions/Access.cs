using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Who may come in.</summary>
public static class Access
{
    [Interaction]
    public static async Task Request_WrongToken_IsUnauthorized(Scene scene)
    {
        using var stranger = new ApiHttp(ClusterAccess.Read(scene.Engine.KubeconfigPath) with { Token = "wrong" });
        var answer = await stranger.GetAsync("/api/v1/namespaces", scene.Ct);
        scene.Say($"{answer.Code} {answer.Json["reason"]} {answer.Json["message"]}");
    }

    [Interaction]
    public static async Task CanI_Admin_MayDoEverything(Scene scene)
    {
        await scene.KubectlAsync("auth can-i create np");
        await scene.KubectlAsync("auth can-i '*' '*'");
    }

    [Interaction]
    public static async Task CanI_List(Scene scene)
    {
        // Not transcribed whole: a real server adds what every user may see of its documents. And what is allowed for two reasons is listed twice.
        var listed = await scene.UntoldAsync("auth can-i --list --no-headers");
        foreach (var line in listed.Output.Split('\n').Where(line => line.StartsWith("*.*", StringComparison.Ordinal) || line.Contains("[*]  ", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct(StringComparer.Ordinal)) scene.Say(line);
    }

    [Interaction]
    public static async Task Reviews_OnTheWire(Scene scene)
    {
        const string Group = "/apis/authorization.k8s.io/v1/";
        await scene.HttpAsync(HttpMethod.Post, Group + "selfsubjectaccessreviews", Review("""{"resourceAttributes": {"verb": "create", "group": "kontena.io", "resource": "nodepools", "namespace": "{ns}"}}"""), show: ["spec", "status.allowed"]);
        await scene.HttpAsync(HttpMethod.Post, Group + "selfsubjectaccessreviews", Review("""{"nonResourceAttributes": {"verb": "get", "path": "/metrics"}}"""), show: ["spec", "status.allowed"]);
        scene.Note("neither, or both, of the two questions");
        await scene.HttpAsync(HttpMethod.Post, Group + "selfsubjectaccessreviews", Review("{}"));
        await scene.HttpAsync(HttpMethod.Post, Group + "selfsubjectaccessreviews", Review("""{"resourceAttributes": {"verb": "get"}, "nonResourceAttributes": {"verb": "get", "path": "/"}}"""));
        await scene.HttpAsync(HttpMethod.Post, Group + "selfsubjectrulesreviews", """{"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": "default"} }""", show: ["status.incomplete"]);
        await scene.HttpAsync(HttpMethod.Get, Group + "selfsubjectaccessreviews");

        static string Review(string spec) => $$"""{"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {{spec}} }""";
    }
}
