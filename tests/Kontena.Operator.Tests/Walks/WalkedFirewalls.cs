using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Tests.Clouds;

namespace Kontena.Operator.Tests.Walks;

/// <summary>The cloud's firewalls as one operator reaches them with one set of credentials.</summary>
internal sealed class WalkedFirewalls(FakeFirewalls firewalls, TimeProvider time, Crossing crossing, Keys keys) : IFirewallDriver
{
    /// <summary>In the account that is not ours to write in.</summary>
    private const string OtherVpc = "vpc-9";

    /// <summary>Not a machine's create, which may come later than promised.</summary>
    private const string Write = "update";

    private bool IsElsewhere => keys == Keys.OfAnotherAccount;

    public FirewallPromises Promises => firewalls.Promises;

    public Task<IReadOnlyList<string>> NetworksAsync(ProviderSettings settings, CancellationToken ct) =>
        CallAsync("list", "networks", () => IsElsewhere ? Task.FromResult<IReadOnlyList<string>>([OtherVpc]) : firewalls.NetworksAsync(settings, CancellationToken.None));

    public Task<FirewallListing> ListAsync(string installation, CancellationToken ct) =>
        CallAsync("list", "firewalls", () => IsElsewhere ? Task.FromResult(new FirewallListing(time.GetUtcNow(), [])) : firewalls.ListAsync(installation, CancellationToken.None));

    public Task<FirewallListing> ReadAsync(IReadOnlyList<string> ids, CancellationToken ct) =>
        CallAsync("find", "firewalls", () => IsElsewhere ? Task.FromResult(new FirewallListing(time.GetUtcNow(), [])) : firewalls.ReadAsync(ids, CancellationToken.None));

    public Task<Firewall> EnsureAsync(FirewallRequest request, CancellationToken ct) => CallAsync(Write, request.ToString(), () => firewalls.EnsureAsync(request, CancellationToken.None));

    public Task OpenAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) => WriteAsync("open", id, () => firewalls.OpenAsync(id, owner, rules, CancellationToken.None));

    public Task CloseAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) => WriteAsync("close", id, () => firewalls.CloseAsync(id, owner, rules, CancellationToken.None));

    public Task AttachAsync(string providerId, string installation, IReadOnlyList<string> ids, CancellationToken ct) =>
        WriteAsync("attach", $"{string.Join(',', ids)} to {providerId}", () => firewalls.AttachAsync(providerId, installation, ids, CancellationToken.None));

    public Task DeleteAsync(string id, FirewallMarks owner, CancellationToken ct) => WriteAsync("delete", id, () => firewalls.DeleteAsync(id, owner, CancellationToken.None));

    private Task<bool> WriteAsync(string operation, string what, Func<Task> call) => CallAsync(Write, $"{operation} {what}", async () =>
    {
        await call();
        return true;
    });

    /// <summary>The firewalls in memory answer on the spot.</summary>
    private Task<T> CallAsync<T>(string operation, string what, Func<Task<T>> call) =>
        crossing.CallAsync(new CallSite(Side.Cloud, operation, what), () => keys == Keys.Refused || (IsElsewhere && operation == Write)
            ? throw new DriverException(DriverFault.NotAllowed, "the credentials are wrong")
            : call().GetAwaiter().GetResult());
}
