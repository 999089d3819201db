using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kontena.EndToEnd.Manifests;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Access;

/// <summary>
/// The operator's ServiceAccount with its rights exactly as an install of <c>manifests/</c> gives them, but in a namespace of the test's own:
/// whoever has its token may do what an installed operator may, and nothing else.
/// </summary>
internal sealed class InstalledAccount
{
    // Not one test's token: what it renders is for all.
    private static readonly ConcurrentDictionary<string, Lazy<Task<InstalledAccount>>> rendered = new();

    private readonly JsonObject account;
    private readonly IReadOnlyList<JsonObject> objects;

    private InstalledAccount(IReadOnlyList<JsonObject> documents)
    {
        account = documents.Only("ServiceAccount");
        var bindings = documents.OfKind("RoleBinding", "ClusterRoleBinding").Where(b => b["subjects"]!.AsArray().Any(s => $"{s!["name"]}" == account.Name())).ToList();
        Roles = [.. documents.OfKind("Role", "ClusterRole").Where(role => bindings.Any(b => Binds(b, role)))];
        objects = [account, .. Roles, .. bindings];
    }

    /// <summary>Those that are bound to it.</summary>
    public IReadOnlyList<JsonObject> Roles { get; }

    /// <param name="kustomization">One of <see cref="Kustomizations.Installs"/>.</param>
    public static Task<InstalledAccount> OfAsync(string kustomization) => rendered.GetOrAdd(kustomization, k =>
        new Lazy<Task<InstalledAccount>>(async () => new InstalledAccount(await Kustomizations.RenderAsync(k, CancellationToken.None)))).Value;

    /// <summary>Installs it and asks for a token.</summary>
    /// <param name="home">The namespace of the operator itself.</param>
    /// <returns>A kubeconfig with the account's token, in <paramref name="folder"/>.</returns>
    public async Task<string> InstallAsync(string adminKubeconfig, string home, string folder, CancellationToken ct)
    {
        var admin = ClusterAccess.Read(adminKubeconfig);
        using var http = new ApiHttp(admin);
        foreach (var own in objects.Select(o => Moved(o, home)))
            (await http.SendAsync(HttpMethod.Post, Collection(own), own, "application/json", ct)).Succeeded();
        var path = Path.Combine(folder, $"{home}.kubeconfig");
        await File.WriteAllTextAsync(path, await AccountKubeconfig.TextAsync(admin, home, account.Name(), ct), ct);
        return path;
    }

    private static bool Binds(JsonObject binding, JsonObject role) =>
        $"{binding["roleRef"]!["kind"]}" == role.Kind() && $"{binding["roleRef"]!["name"]}" == role.Name() && (role.Kind() == "ClusterRole" || binding.Namespace() == role.Namespace());

    private static string Collection(JsonObject resource)
    {
        var api = $"{resource["apiVersion"]}" is "v1" ? "/api/v1" : $"/apis/{resource["apiVersion"]}";
        var place = resource.Namespace() is { } ns ? $"/namespaces/{ns}" : "";
        return $"{api}{place}/{resource.Kind().ToLowerInvariant()}s";
    }

    /// <summary>The same object for an operator in <paramref name="home"/>. What does not stand there is told apart from other installs' by its name.</summary>
    private JsonObject Moved(JsonObject theirs, string home)
    {
        var own = theirs.DeepClone().AsObject();
        var atHome = theirs.Namespace() == account.Namespace();
        if (atHome) own["metadata"]!["namespace"] = home;
        else own["metadata"]!["name"] = $"{theirs.Name()}-{home}";
        if (own["roleRef"] is { } role && (!atHome || $"{role["kind"]}" == "ClusterRole")) role["name"] = $"{role["name"]}-{home}";
        foreach (var subject in own["subjects"]?.AsArray() ?? []) subject!["namespace"] = home;
        return own;
    }
}
