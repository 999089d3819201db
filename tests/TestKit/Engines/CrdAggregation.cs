using System.Text;
using System.Text.Json.Nodes;

namespace Kontena.TestKit.Engines;

/// <summary>
/// Puts the newer CRD server behind the main server's URL: kube-apiserver 1.20 has no CEL and no strict fields, the 0.36
/// apiextensions-apiserver has both, and API aggregation lets clients see one server. Each group version of a CRD needs its own APIService.
/// </summary>
internal sealed class CrdAggregation(ApiHttp http, string caPem, int port)
{
    private const string Service = "crd-apiserver";
    private static readonly TimeSpan settleTime = Eventually.Patience;
    private readonly HashSet<(string Group, string Version, string Plural)> registered = [];

    /// <summary>The name that the aggregator checks the CRD server's certificate against.</summary>
    public const string ServiceHost = Service + ".kube-system.svc";

    /// <summary>Hands the CRD API itself to the newer server.</summary>
    public async Task TakeOverCrdsAsync(CancellationToken ct)
    {
        var service = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject { ["name"] = Service },
            ["spec"] = new JsonObject
            {
                ["type"] = "ExternalName",
                ["externalName"] = "127.0.0.1",
                ["ports"] = new JsonArray(new JsonObject { ["port"] = port }),
            },
        };
        // There the tests' user has no group that would allow it everything.
        (await http.SendAsync(HttpMethod.Post, "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", AdminsRights(), "application/json", ct)).Succeeded();
        // kube-system is made by the server itself, a moment after it says it is ready.
        await Eventually.HoldsAsync(
            async () => (await http.SendAsync(HttpMethod.Post, "/api/v1/namespaces/kube-system/services", service, "application/json", ct)).Code == 201,
            "the service for the CRD server in kube-system", settleTime, ct);
        await RegisterAsync("apiextensions.k8s.io", "v1", "customresourcedefinitions", ct);
    }

    /// <summary>Registers one group version and returns when <paramref name="plural"/> is served through the main URL.</summary>
    public async Task RegisterAsync(string group, string version, string plural, CancellationToken ct)
    {
        var name = $"{version}.{group}";
        await CreateOrPatchAsync(name, ApiService(name, group, version), ct);
        registered.Add((group, version, plural));
        await ServedAsync(group, version, plural, ct);
    }

    /// <summary>After a restart of the servers: returns when all that was registered is served again.</summary>
    public async Task AllServedAsync(CancellationToken ct)
    {
        foreach (var (group, version, plural) in registered) await ServedAsync(group, version, plural, ct);
    }

    private async Task ServedAsync(string group, string version, string plural, CancellationToken ct)
    {
        var name = $"{version}.{group}";
        await Eventually.HoldsAsync(
            async () => IsTrue(await http.GetAsync($"/apis/apiregistration.k8s.io/v1/apiservices/{name}", ct), "Available"),
            $"APIService {name} available", settleTime, ct);
        // Not by a page of one: that comes from etcd, and a server that is just up answers whole lists with 429 until its watch cache is filled.
        await Eventually.HoldsAsync(
            async () => (await http.GetAsync($"/apis/{group}/{version}/{plural}?labelSelector=test.kontena.io/none", ct)).Code == 200,
            $"{plural}.{group} served", settleTime, ct);
    }

    /// <summary>Whether the object's condition of this type is True.</summary>
    public static bool IsTrue(ApiAnswer answer, string condition) =>
        answer.Code == 200 && answer.Json["status"]?["conditions"] is JsonArray conditions
        && conditions.Any(c => c!["type"]!.GetValue<string>() == condition && c["status"]!.GetValue<string>() == "True");

    // kube-apiserver 1.20 panics at a server-side apply of an APIService.
    private async Task CreateOrPatchAsync(string name, JsonObject apiService, CancellationToken ct)
    {
        const string Collection = "/apis/apiregistration.k8s.io/v1/apiservices";
        var created = await http.SendAsync(HttpMethod.Post, Collection, apiService, "application/json", ct);
        if (created.Code == 409)
            created = await http.SendAsync(HttpMethod.Patch, $"{Collection}/{name}", apiService, "application/merge-patch+json", ct);
        created.Succeeded();
    }

    private static JsonObject AdminsRights() => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "ClusterRoleBinding",
        ["metadata"] = new JsonObject { ["name"] = ServerCredentials.Admin },
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = "cluster-admin" },
        ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "User", ["name"] = ServerCredentials.Admin }),
    };

    private JsonObject ApiService(string name, string group, string version) => new()
    {
        ["apiVersion"] = "apiregistration.k8s.io/v1",
        ["kind"] = "APIService",
        // Otherwise the server's own controller takes the group back.
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = new JsonObject { ["kube-aggregator.kubernetes.io/automanaged"] = "false" },
        },
        ["spec"] = new JsonObject
        {
            ["group"] = group,
            ["version"] = version,
            ["groupPriorityMinimum"] = 1000,
            ["versionPriority"] = 100,
            ["caBundle"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(caPem)),
            ["service"] = new JsonObject { ["name"] = Service, ["namespace"] = "kube-system", ["port"] = port },
        },
    };
}
