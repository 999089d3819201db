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
}
