using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Signing;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;
using Kontena.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Simulator.Tests.Ec2;

/// <summary>A simulator on a manual clock and a client that signs for it.</summary>
internal sealed class Ec2Session : IAsyncDisposable
{
    private readonly HttpClient http;
    private readonly TimeProvider time;

    private Ec2Session(SimulatorServer server, TimeProvider time) => (Server, this.time, http) = (server, time, new HttpClient { BaseAddress = server.Address });

    public SimulatorServer Server { get; }

    public Ec2Cloud Cloud => Server.Ec2;

    public ManualTime Clock => (ManualTime)time;

    public string Region { get; set; } = "eu-west-1";

    public string AccessKeyId { get; set; } = Ec2Options.DemoAccessKeyId;

    public string Secret { get; set; } = Ec2Options.DemoSecretAccessKey;

    public string? SessionToken { get; set; }

    /// <summary>How far the client's clock is from the simulator's.</summary>
    public TimeSpan Skew { get; set; }

    public string Flatcar => Cloud.NewestImage(Region, "Flatcar-stable-*-hvm");

    public HttpClient Http => http;

    public static Task<Ec2Session> StartAsync(Ec2Options? options = null) => StartAsync(options, new ManualTime());

    public static async Task<Ec2Session> StartAsync(Ec2Options? options, TimeProvider time, MachineOptions? machines = null, MasterOptions? master = null)
    {
        var simulator = new SimulatorOptions { Time = time, Ec2 = options ?? new Ec2Options(), Machines = machines, Master = master };
        return new Ec2Session(await SimulatorServer.StartAsync(simulator, NullLoggerFactory.Instance, CancellationToken.None), time);
    }

    /// <summary>Calls an EC2 action with <c>key, value, key, value…</c></summary>
    public Task<Ec2Answer> CallAsync(string action, params string[] parameters) => SendAsync("ec2", "2016-11-15", action, parameters);

    public Task<Ec2Answer> StsAsync(string action, params string[] parameters) => SendAsync("sts", "2011-06-15", action, parameters);

    /// <summary>Launches one t3.small from the newest Flatcar image; further parameters as given.</summary>
    public Task<Ec2Answer> RunAsync(params string[] parameters) => CallAsync("RunInstances",
        ["ImageId", Flatcar, "InstanceType", "t3.small", "MinCount", "1", "MaxCount", "1", .. parameters]);

    /// <summary>The same, and the id of the instance.</summary>
    public async Task<string> LaunchAsync(params string[] parameters) => (await RunAsync(parameters)).Text("instanceId");

    public async Task<Ec2Answer> SendAsync(string service, string version, string action, IReadOnlyList<string> parameters, Action<HttpRequestMessage>? spoil = null)
    {
        using var request = Sign(service, Body(version, action, parameters));
        spoil?.Invoke(request);
        using var response = await http.SendAsync(request);
        return new Ec2Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private HttpRequestMessage Sign(string service, string body)
    {
        var stamp = (time.GetUtcNow() + Skew).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var headers = new List<KeyValuePair<string, string>> { new("host", Server.Address.Authority), new("x-amz-date", stamp) };
        if (SessionToken is { } token) headers.Add(new("x-amz-security-token", token));
        var scope = new CredentialScope(stamp[..8], Region, service);
        var signed = headers.Select(h => h.Key).ToList();
        var signature = SignatureVersion4.Sign(new SignedRequest("POST", "/", "", headers, Encoding.UTF8.GetBytes(body)), scope, stamp, signed, Secret);
        var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded") };
        foreach (var header in headers.Skip(1)) request.Headers.Add(header.Key, header.Value);
        request.Headers.Authorization = new AuthenticationHeaderValue("AWS4-HMAC-SHA256",
            $"Credential={AccessKeyId}/{scope}, SignedHeaders={string.Join(';', signed)}, Signature={signature}");
        return request;
    }

    private static string Body(string version, string action, IReadOnlyList<string> parameters) => string.Join('&',
        new[] { "Action", action, "Version", version }.Concat(parameters).Chunk(2).Select(p => $"{Uri.EscapeDataString(p[0])}={Uri.EscapeDataString(p[1])}"));

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>An answer, with the first element of a name at hand.</summary>
internal sealed record Ec2Answer(int Status, string Body)
{
    private readonly Lazy<XElement> root = new(() => XDocument.Parse(Body).Root ?? throw new InvalidOperationException("An XML document has a root."));

    public XElement Root => root.Value;

    /// <summary>Status and error code as one: "400 InvalidParameterValue", or "200".</summary>
    public string Outcome => Status == 200 ? "200" : $"{Status} {Text("Code")}";

    public string Text(string name) => All(name)[0];

    public IReadOnlyList<string> All(string name) => [.. Root.Descendants().Where(e => e.Name.LocalName == name).Select(e => e.Value)];
}
