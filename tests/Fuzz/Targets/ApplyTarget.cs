using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Fuzz.Engine;
using Kontena.Operator.Commands;

namespace Kontena.Fuzz.Targets;

/// <summary>
/// Requests to the embedded server, with the kinds and rules of <c>standalone</c>: every answer is an object or a Status, with 2xx
/// or 4xx; the server lives on, and what it stored can be read.
/// </summary>
internal sealed class ApplyTarget : FuzzTarget
{
    private const string Pools = "/apis/kontena.io/v1alpha1/namespaces/default/nodepools";

    // Every so many inputs all objects are read, and then thrown away: a poisoned one would break the list, a full store would slow the rest.
    private const int ReadAllEvery = 100;

    private static readonly string[] Paths =
    [
        Pools, $"{Pools}/web", $"{Pools}/web/status", $"{Pools}/web/scale", $"{Pools}/web?fieldManager=a", $"{Pools}/web?fieldManager=b&force=true", $"{Pools}/web/status?fieldManager=a", "/api/v1/namespaces/default/configmaps/c?fieldManager=a", $"{Pools}?dryRun=All&fieldValidation=Strict", "/api/v1/namespaces/default/secrets",
        "/api/v1/namespaces/default/secrets/s", "/api/v1/namespaces/default/configmaps/c", "/api/v1/namespaces", "/api/v1/namespaces/default/events",
        "/apis/coordination.k8s.io/v1/namespaces/default/leases/l", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/nodepools.kontena.io", "/apis/kontena.io/v1alpha1/namespaces/default/kontenanodes",
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    ];

    private static readonly string[] Types =
    [
        "application/json", "application/merge-patch+json", "application/json-patch+json", "application/strategic-merge-patch+json",
        "application/apply-patch+yaml", "application/yaml", "application/vnd.kubernetes.protobuf",
    ];

    private readonly ServerErrors errors;
    private readonly string folder;
    private readonly EmbeddedServer server;
    private readonly HttpClient client;
    private int inputs;

    private ApplyTarget(ServerErrors errors, string folder, EmbeddedServer server, HttpClient client) =>
        (this.errors, this.folder, this.server, this.client) = (errors, folder, server, client);

    public override string Name => "apply";

    public override IReadOnlyList<string> Words { get; } =
    [
        "\"apiVersion\":\"kontena.io/v1alpha1\",", "\"kind\":\"NodePool\",", "\"metadata\":{\"name\":\"web\"}", "\"metadata\":null", "\"metadata\":[]", "\"spec\":{", "\"spec\":null",
        "\"replicas\":", "\"provider\":{\"aws\":{}}", "\"status\":{\"conditions\":[]}", "\"finalizers\":[\"a/b\"]", "\"finalizers\":null", "\"ownerReferences\":[{}]",
        "\"labels\":{\"a\":\"b\"}", "\"managedFields\":[{}]", "\"managedFields\":[{\"manager\":\"a\",\"operation\":\"Apply\",\"apiVersion\":\"kontena.io/v1alpha1\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:spec\":{\"k:{\":{}}}}]", "\"generateName\":\"x-\"", "\"resourceVersion\":\"1\"", "\"uid\":\"\"", "{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a\"}", "{\"op\":\"add\",\"path\":\"/metadata\",\"value\":1}",
        "{\"op\":\"remove\",\"path\":\"\"}", "\"$patch\":\"replace\"", "\"$patch\":\"delete\"", "\"$retainKeys\":[1]", "\"data\":{\"a\":\"AA==\"}", "\"stringData\":{\"a\":1}", "\"a\":1,\"a\":2", "null", ",", "{", "}", "[", "]",
    ];

    // A request has its own overhead on both sides, TLS among it; the answer and the log hold the document several times.
    public override long MostAllocated(int length) => (96L << 20) + (6000L * length);

    public static async Task<ApplyTarget> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("kontena-fuzz-").FullName;
        var errors = new ServerErrors();
        var server = await EmbeddedServer.StartAsync(folder, 0, errors, CancellationToken.None);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "ca.crt")));
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = policy } })
        {
            BaseAddress = server.Address,
            DefaultRequestVersion = HttpVersion.Version20,
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await File.ReadAllTextAsync(Path.Combine(folder, "token")));
        return new ApplyTarget(errors, folder, server, client);
    }

    public override byte[] Next(Random random, IReadOnlyList<byte[]> corpus)
    {
        var request = HttpInput.Parse(corpus[random.Next(corpus.Count)])!;
        var body = new Mutator(random, Words).Mutate([request.Body, .. corpus.Take(3).Select(c => HttpInput.Parse(c)!.Body)]);
        // Mostly what was made for each other.
        var (method, path, type) = random.Next(5) != 0
            ? (request.Method, request.Path, request.MediaType)
            : (((string[])["POST", "PUT", "PATCH", "DELETE"])[random.Next(4)], Paths[random.Next(Paths.Length)], Types[random.Next(Types.Length)]);
        return [.. System.Text.Encoding.Latin1.GetBytes($"{method} {path} {type}\n"), .. body];
    }

    public override async Task CheckAsync(byte[] input)
    {
        if (HttpInput.Parse(input) is not { } asked) return;
        using var request = new HttpRequestMessage(new HttpMethod(asked.Method), asked.Path) { Version = HttpVersion.Version20, Content = new ByteArrayContent(asked.Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", asked.MediaType);
        using var response = await client.SendAsync(request);
        Judge((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        if (++inputs % ReadAllEvery == 0 || input.Length > 10_000) await ReadAllAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await ReadAllAsync();
        client.Dispose();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        await base.DisposeAsync();
    }

    private void Judge(int code, string text)
    {
        // The 500s that kube-apiserver answers too: a Scale of what has no replicas, and an apply of what the schema does not know.
        if (code == 500 && (text.Contains("the spec replicas field", StringComparison.Ordinal) || text.Contains("failed to create typed patch object", StringComparison.Ordinal))) return;
        if (code is < 200 or >= 500) throw new PromiseBroken($"HTTP {code}\n{text}\n{errors.Last}");
        JsonObject? answer;
        try { answer = JsonNode.Parse(text) as JsonObject; }
        catch (JsonException) { answer = null; }
        // The one answer that Kubernetes gives in plain text too.
        if (answer is null && code == 404 && text == "404 page not found\n") return;
        if (answer?["kind"] is null) throw new PromiseBroken($"HTTP {code} without an object\n{text}");
        if (code >= 400 && (answer["kind"]!.ToString() != "Status" || (int?)answer["code"] != code)) throw new PromiseBroken($"HTTP {code} without a Status\n{text}");
    }

    private async Task ReadAllAsync()
    {
        foreach (var list in (string[])[Pools, "/api/v1/secrets", "/api/v1/configmaps", "/api/v1/namespaces", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"])
        {
            foreach (var accept in (string[])["application/json", "application/json;as=Table;v=v1;g=meta.k8s.io"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, list) { Version = HttpVersion.Version20 };
                request.Headers.TryAddWithoutValidation("Accept", accept);
                using var response = await client.SendAsync(request);
                var text = await response.Content.ReadAsStringAsync();
                // An input may have deleted the kind itself.
                if (response.StatusCode == HttpStatusCode.NotFound && list == Pools) continue;
                if (response.StatusCode != HttpStatusCode.OK) throw new PromiseBroken($"after this, {list} is HTTP {(int)response.StatusCode}\n{text}\n{errors.Last}");
                JsonNode.Parse(text);
            }
        }
    }
}
