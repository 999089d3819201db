using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Grids;

/// <summary>
/// The REST API of Kontena Master 1.4 and 1.5 (kontena server/app/routes/v1). Masters before 1.4 know neither nodes without an agent nor node
/// tokens: they are read, and nothing is ever written to them.
/// </summary>
internal sealed class KontenaMaster : IKontenaMaster, IDisposable
{
    /// <summary>The Master asks the node's agent and waits 10 s for it (server/app/services/rpc_client.rb).</summary>
    private static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(12);

    private static readonly Version firstThatWrites = new(1, 4);

    private readonly TimeProvider time;
    private readonly MasterTransport transport;
    private readonly MasterRefusals refusals;
    private readonly string grid;
    private volatile Version? version;

    /// <exception cref="System.Security.Cryptography.CryptographicException">The endpoint's CA is no PEM.</exception>
    public KontenaMaster(MasterEndpoint endpoint, TimeProvider time)
    {
        this.time = time;
        transport = new MasterTransport(endpoint, time);
        refusals = new MasterRefusals(endpoint);
        grid = Uri.EscapeDataString(endpoint.GridName);
    }

    public static IKontenaMaster Open(MasterEndpoint endpoint, TimeProvider time) => new KontenaMaster(endpoint, time);

    /// <summary>True from 1.4; false for what is no version.</summary>
    public static bool CanWrite(string version) => Parse(version) >= firstThatWrites;

    public void Dispose() => transport.Dispose();

    public async Task<MasterVersion> ReadVersionAsync(CancellationToken ct)
    {
        var call = new MasterCall("version", HttpMethod.Get, "/", "Asking for the Master's version") { Anonymous = true };
        var answer = await ReadAsync(call, ct);
        var text = answer.Read(d => MasterDocuments.Text(d, "version"), refusals, call);
        if (Parse(text) is not { } parsed) throw refusals.Unreadable(call);
        version = parsed;
        return new MasterVersion(text, answer.Answer.Date, answer.Answer.AskedAt, answer.Answer.AnsweredAt);
    }

    public async Task<MasterGrid> ReadGridAsync(CancellationToken ct)
    {
        var call = new MasterCall("grid", HttpMethod.Get, $"/v1/grids/{grid}", "Reading the grid");
        var read = (await ReadAsync(call, ct)).Read(MasterDocuments.Grid, refusals, call);
        refusals.GridToken = read.Token;
        return read;
    }

    public async Task<MasterListing> ListNodesAsync(CancellationToken ct)
    {
        var begun = time.GetUtcNow();
        var call = new MasterCall("list", HttpMethod.Get, $"/v1/grids/{grid}/nodes", "Listing nodes");
        return (await ReadAsync(call, ct)).Read(d => MasterDocuments.Nodes(d, begun), refusals, call);
    }

    public async Task<MasterNode?> FindNodeAsync(string name, CancellationToken ct)
    {
        // What is old has no path by name.
        if (await VersionAsync(ct) < firstThatWrites) return (await ListNodesAsync(ct)).ByName(name);
        var call = new MasterCall("find", HttpMethod.Get, NodePath(name), $"Looking up node {name}");
        var answer = await transport.SendAsync(call, ct);
        return await IsAbsentAsync(call, answer, ct) ? null : Checked(call, answer).Read(MasterDocuments.Node, refusals, call);
    }

    public async Task<MasterNode> CreateNodeAsync(NewMasterNode node, CancellationToken ct)
    {
        await RequireWritesAsync($"Making node {node.Name}", ct);
        var call = new MasterCall("create", HttpMethod.Post, $"/v1/grids/{grid}/nodes", $"Making node {node.Name}")
        {
            Body = new JsonObject { ["name"] = node.Name, ["token"] = node.Token.Reveal(), ["labels"] = List(node.Labels) },
        };
        return Checked(call, await transport.SendAsync(call, ct), node.Token).Read(MasterDocuments.Node, refusals, call);
    }

    public async Task<SecretText?> ReadNodeTokenAsync(string name, CancellationToken ct)
    {
        if (await VersionAsync(ct) < firstThatWrites) return null;
        var call = new MasterCall("token", HttpMethod.Get, $"{NodePath(name)}/token", $"Reading the token of node {name}");
        var answer = await transport.SendAsync(call, ct);
        return await IsAbsentAsync(call, answer, ct) ? null : new SecretText(Checked(call, answer).Read(d => MasterDocuments.Text(d, "token"), refusals, call));
    }

    public Task<bool> DrainNodeAsync(string name, CancellationToken ct) =>
        ChangeNodeAsync("drain", name, $"Draining node {name}", new JsonObject { ["availability"] = "drain" }, ct);

    public Task<bool> SetLabelsAsync(string name, IReadOnlyList<string> labels, CancellationToken ct) =>
        ChangeNodeAsync("labels", name, $"Labelling node {name}", new JsonObject { ["labels"] = List(labels) }, ct);

    public async Task DeleteNodeAsync(string name, CancellationToken ct)
    {
        await RequireWritesAsync($"Deleting node {name}", ct);
        var call = new MasterCall("delete", HttpMethod.Delete, NodePath(name), $"Deleting node {name}");
        var answer = await transport.SendAsync(call, ct);
        if (!await IsAbsentAsync(call, answer, ct)) Checked(call, answer);
    }

    public async Task<NodeHealth?> CheckHealthAsync(string name, CancellationToken ct)
    {
        // 1.3 answers 200 for a node that is away, too: that says nothing.
        if (await VersionAsync(ct) < firstThatWrites) return new NodeHealth(null, null);
        var call = new MasterCall("health", HttpMethod.Get, $"{NodePath(name)}/health", $"Asking for the health of node {name}") { Patience = HealthPatience };
        var answer = await transport.SendAsync(call, ct);
        if (await IsAbsentAsync(call, answer, ct)) return null;
        // Not connected, or no answer from its agent in time: an answer about the node, not a refusal.
        if (answer is { Status: HttpStatusCode.UnprocessableEntity, Version: not null }) return new NodeHealth(null, refusals.TextOf(answer) ?? "The Master cannot reach its agent.");
        return Checked(call, answer).Read(MasterDocuments.Health, refusals, call);
    }

    public async Task<IReadOnlyDictionary<string, int>> CountContainersAsync(CancellationToken ct)
    {
        var call = new MasterCall("containers", HttpMethod.Get, $"/v1/containers/{grid}", "Listing containers");
        return (await ReadAsync(call, ct)).Read(MasterDocuments.Containers, refusals, call);
    }

    public async Task SetTrustedSubnetsAsync(IReadOnlyList<string> subnets, CancellationToken ct)
    {
        await RequireWritesAsync("Setting the trusted subnets", ct);
        var call = new MasterCall("subnets", HttpMethod.Put, $"/v1/grids/{grid}", "Setting the trusted subnets") { Body = new JsonObject { ["trusted_subnets"] = List(subnets) } };
        Checked(call, await transport.SendAsync(call, ct));
    }

    private async Task<bool> ChangeNodeAsync(string operation, string name, string what, JsonObject body, CancellationToken ct)
    {
        await RequireWritesAsync(what, ct);
        var call = new MasterCall(operation, HttpMethod.Put, NodePath(name), what) { Body = body };
        var answer = await transport.SendAsync(call, ct);
        if (await IsAbsentAsync(call, answer, ct)) return false;
        Checked(call, answer);
        return true;
    }

    private async Task<CheckedAnswer> ReadAsync(MasterCall call, CancellationToken ct) => Checked(call, await transport.SendAsync(call, ct));

    /// <summary>A success of anything but a Master (a proxy's page, say) is none: a node must not pass for deleted because of it.</summary>
    private CheckedAnswer Checked(MasterCall call, MasterAnswer answer, params IReadOnlyList<SecretText> secrets)
    {
        if (!answer.Succeeded) throw refusals.Of(call, answer, secrets);
        return answer.Version is not null ? new CheckedAnswer(answer) : throw refusals.Unreadable(call);
    }

    /// <summary>
    /// The Master has one 404 for a node that is not there and for a grid that is not: only while the grid is there is the node gone. A
    /// proxy's 404 is no answer at all.
    /// </summary>
    private async Task<bool> IsAbsentAsync(MasterCall call, MasterAnswer answer, CancellationToken ct)
    {
        if (answer.Status != HttpStatusCode.NotFound) return false;
        if (refusals.Of(call, answer) is { Fault: not MasterFault.NotFound } fault) throw fault;
        await ReadGridAsync(ct);
        return true;
    }

    private async Task RequireWritesAsync(string what, CancellationToken ct)
    {
        if (await VersionAsync(ct) is var known && known < firstThatWrites)
            throw new MasterException(MasterFault.NotAllowed, $"{what}: not sent, as Kontena Master {known} cannot make nodes ahead of their agents. Upgrade it to 1.4 or newer.");
    }

    private async Task<Version> VersionAsync(CancellationToken ct)
    {
        if (version is null) await ReadVersionAsync(ct);
        return version!; // set by the call that returned
    }

    private string NodePath(string name) => $"/v1/nodes/{grid}/{Uri.EscapeDataString(name)}";

    private static JsonArray List(IReadOnlyList<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    /// <summary>1.6.0.dev is 1.6.0. Bounded: the text is shown.</summary>
    private static Version? Parse(string text)
    {
        if (text.Length > 24) return null;
        var parts = text.Split('.', '-');
        return parts.Length >= 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new Version(major, minor, parts.Length > 2 && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var patch) ? patch : 0)
            : null;
    }

    /// <summary>An answer that is a success, not yet known to be a Master's.</summary>
    private sealed record CheckedAnswer(MasterAnswer Answer)
    {
        /// <exception cref="MasterException">NotAMaster: the answer lacks what every Master sends.</exception>
        public T Read<T>(Func<JsonElement, T?> read, MasterRefusals refusals, MasterCall call) where T : class
        {
            using var document = Answer.Read();
            return (document is null ? null : read(document.RootElement)) ?? throw refusals.Unreadable(call);
        }
    }
}
