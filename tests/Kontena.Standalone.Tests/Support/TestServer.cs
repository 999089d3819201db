using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Kontena.Standalone.Json;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Standalone.Tests.Support;

/// <summary>A real server on loopback with its own temporary folder, and a client that trusts its CA.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly StandaloneOptions options;
    private readonly bool ownsFolder;

    private TestServer(StandaloneOptions options, StandaloneServer server, bool ownsFolder)
    {
        (this.options, this.ownsFolder, Server) = (options, ownsFolder, server);
        Client = NewClient(File.ReadAllText(Path.Combine(Folder, "token")));
    }

    public StandaloneServer Server { get; }

    public HttpClient Client { get; }

    public string Folder => options.DataDirectory;

    public static Task<TestServer> StartAsync(Func<StandaloneOptions, StandaloneOptions>? with = null)
    {
        var options = new StandaloneOptions
        {
            DataDirectory = "",
            CustomResourceDefinitions = [Widgets.Crd()],
        };
        options = with?.Invoke(options) ?? options;
        if (options.DataDirectory.Length > 0) return StartAsync(options, ownsFolder: true);
        return StartInNewFolderAsync(options with { DataDirectory = Directory.CreateTempSubdirectory("kontena-standalone-").FullName });
    }

    /// <summary>Stops this server and starts another on the same folder.</summary>
    public async Task<TestServer> RestartAsync(Func<StandaloneOptions, StandaloneOptions>? with = null)
    {
        Client.Dispose();
        await Server.DisposeAsync();
        return await StartAsync(with?.Invoke(options) ?? options, ownsFolder);
    }

    public HttpClient NewClient(string? token, Version? version = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Folder, "ca.crt")));
        var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } };
        var client = new HttpClient(handler)
        {
            BaseAddress = Server.Address,
            DefaultRequestVersion = version ?? System.Net.HttpVersion.Version20,
            Timeout = TimeSpan.FromSeconds(30),
        };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path) { Version = Client.DefaultRequestVersion };
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Client.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var warnings = response.Headers.TryGetValues("Warning", out var values) ? values.ToList() : [];
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json";
        return new Answer((int)response.StatusCode, isJson ? JsonText.ParseObject(bytes) : [], Encoding.UTF8.GetString(bytes), warnings)
        {
            ContentType = response.Content.Headers.ContentType?.ToString() ?? "",
        };
    }

    public Task<Answer> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, accept: accept);

    public Task<Answer> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, JsonNode body) => SendAsync(HttpMethod.Put, path, JsonText.SerializeToString(body));

    public Task<Answer> DeleteAsync(string path, string? body = null) => SendAsync(HttpMethod.Delete, path, body);

    public Task<Answer> MergeAsync(string path, string patch) => SendAsync(HttpMethod.Patch, path, patch, "application/merge-patch+json");

    public Task<Answer> JsonPatchAsync(string path, string patch) => SendAsync(HttpMethod.Patch, path, patch, "application/json-patch+json");

    public async Task<Answer> CreateWidgetAsync(string name, string spec = "\"replicas\": 1", string metadata = "")
    {
        var answer = await PostAsync(Widgets.Path, Widgets.Text(name, spec, metadata));
        Assert.That(answer.Code, Is.EqualTo(201), answer.Text);
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        if (ownsFolder) Directory.Delete(Folder, recursive: true);
    }

    private static async Task<TestServer> StartInNewFolderAsync(StandaloneOptions options)
    {
        try
        {
            return await StartAsync(options, ownsFolder: true);
        }
        catch
        {
            Directory.Delete(options.DataDirectory, recursive: true);
            throw;
        }
    }

    private static async Task<TestServer> StartAsync(StandaloneOptions options, bool ownsFolder) =>
        new(options, await StandaloneServer.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None), ownsFolder);
}

internal sealed record Answer(int Code, JsonObject Body, string Text, IReadOnlyList<string> Warnings)
{
    public string ContentType { get; init; } = "";

    public string Message => Body.Text("message") ?? "";

    public string Reason => Body.Text("reason") ?? "";

    public string Version => Body.ResourceVersion();

    /// <summary>What the causes of a 422 say, as reason and field.</summary>
    public IEnumerable<string> Causes =>
        (Body["details"]?["causes"] as JsonArray ?? []).Select(c => $"{c!["reason"]} {c["field"]}");

    /// <summary>The value at a path such as spec.replicas, as JSON text; "(absent)" where there is none.</summary>
    public string At(string path) => FieldPath.Find(Body, path.Split('.')) is { } node ? JsonText.SerializeToString(node) : "(absent)";
}
