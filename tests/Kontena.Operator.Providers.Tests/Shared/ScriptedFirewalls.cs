using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Providers.Tests.Shared;

/// <summary>Firewalls whose next answers are the driver's (<see cref="ScriptedDriver"/>).</summary>
internal sealed class ScriptedFirewalls(Func<CancellationToken, Task<object>> answerAsync) : IFirewallDriver
{
    public static FirewallMarks Marks { get; } = new(Requests.Installation, FirewallOwner.Pool, "pool-uid");

    public static FirewallRequest Request { get; } = new() { Marks = Marks, Name = "kontena-pool-web-0", Description = "words", Network = "net-1" };

    public static Firewall Firewall { get; } = new() { Id = "fw-1", Name = Request.Name };

    /// <summary>Every call that changes something.</summary>
    public static IReadOnlyDictionary<string, Func<IFirewallDriver, CancellationToken, Task>> Changes { get; } = new Dictionary<string, Func<IFirewallDriver, CancellationToken, Task>>
    {
        ["firewall-ensure"] = (d, ct) => d.EnsureAsync(Request, ct),
        ["firewall-open"] = (d, ct) => d.OpenAsync("fw-1", Marks, [], ct),
        ["firewall-close"] = (d, ct) => d.CloseAsync("fw-1", Marks, [], ct),
        ["firewall-attach"] = (d, ct) => d.AttachAsync("x:///1", Requests.Installation, ["fw-1"], ct),
        ["firewall-delete"] = (d, ct) => d.DeleteAsync("fw-1", Marks, ct),
    };

    /// <summary>Every call that reads.</summary>
    public static IReadOnlyDictionary<string, Func<IFirewallDriver, CancellationToken, Task>> Reads { get; } = new Dictionary<string, Func<IFirewallDriver, CancellationToken, Task>>
    {
        ["firewall-networks"] = (d, ct) => d.NetworksAsync(new AwsSettings { Region = "eu-west-1", InstanceTypes = ["t3.small"] }, ct),
        ["firewall-list"] = (d, ct) => d.ListAsync(Requests.Installation, ct),
        ["firewall-read"] = (d, ct) => d.ReadAsync(["fw-1"], ct),
    };

    public FirewallPromises Promises { get; } = new(ExpressesEsp: false, MembersAsSource: false, UsualMostRules: 7);

    public async Task<IReadOnlyList<string>> NetworksAsync(ProviderSettings settings, CancellationToken ct) => (IReadOnlyList<string>)await answerAsync(ct);

    public async Task<FirewallListing> ListAsync(string installation, CancellationToken ct) => (FirewallListing)await answerAsync(ct);

    public async Task<FirewallListing> ReadAsync(IReadOnlyList<string> ids, CancellationToken ct) => (FirewallListing)await answerAsync(ct);

    public async Task<Firewall> EnsureAsync(FirewallRequest request, CancellationToken ct) => (Firewall)await answerAsync(ct);

    public Task OpenAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) => answerAsync(ct);

    public Task CloseAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) => answerAsync(ct);

    public Task AttachAsync(string providerId, string installation, IReadOnlyList<string> ids, CancellationToken ct) => answerAsync(ct);

    public Task DeleteAsync(string id, FirewallMarks owner, CancellationToken ct) => answerAsync(ct);
}
