using System.Collections.Concurrent;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Shared;

namespace Kontena.Operator.Inventories;

/// <summary>
/// Lists one account's firewalls over and over, for all owners at once: as often as settled machines, and at once after each write. From the first
/// time that anybody asks; an account whose pools have no firewalls is never asked.
/// </summary>
internal sealed class AccountFirewalls(AccountKey key, string ns, ProviderSettings settings, InventoryContext context)
{
    /// <summary>How long a firewall that is not ours is read after somebody last asked for it.</summary>
    private static readonly TimeSpan AskedFor = TimeSpan.FromMinutes(10);

    private readonly WakeablePause pauses = new(context.Time);
    private readonly ConcurrentDictionary<string, DateTimeOffset> asked = new(StringComparer.Ordinal);
    private volatile FirewallsSaid said = new();
    private volatile bool isAwaited;
    private int failures;

    public AccountKey Key => key;

    public FirewallsSaid Said => said;

    /// <summary>Something was written, or is waited for: the next listing comes at once, and is told of though it shows nothing new.</summary>
    public void LookNow()
    {
        isAwaited = true;
        pauses.Wake();
    }

    /// <summary>Has firewalls of others read besides our own; the first time at once.</summary>
    public void Read(IEnumerable<string> ids)
    {
        var isNew = false;
        foreach (var id in ids)
        {
            isNew |= !asked.ContainsKey(id);
            asked[id] = context.Time.GetUtcNow();
        }
        if (isNew) LookNow();
    }

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var pause = await ListAsync(ct);
            await pauses.WaitAsync(pause, ct);
        }
    }

    /// <summary>One listing, and how long to wait for the next: for those who run the loop themselves.</summary>
    internal async Task<TimeSpan> ListAsync(CancellationToken ct)
    {
        var wasAwaited = isAwaited;
        isAwaited = false;
        try
        {
            var account = await context.Accounts.OpenAsync(ns, settings, ct);
            var next = account.Driver.Firewalls is { } driver
                ? new FirewallsSaid { Credentials = account.Credentials, Promises = driver.Promises, Last = await ListAsync(account, driver, ct) }
                : new FirewallsSaid { HasNone = true };
            failures = 0;
            Publish(next, wasAwaited);
            return context.Pace.Settled;
        }
        catch (DriverException fault)
        {
            failures++;
            // What made the breaker open is the news, and was told.
            if (fault.Code != ResilientDriver.SuspendedCode || said.Trouble is null)
                Publish(said with { Trouble = new Freeze(ProviderReasons.Of(fault), fault.Message), NeedsHuman = RetryRule.NeedsHuman(fault.Fault) }, wasAwaited: false);
            return RetryRule.NeedsHuman(fault.Fault) ? context.Pace.LookAgain : Longer(RetryRule.After(fault.Fault, failures), fault.RetryAfter);
        }
    }

    private async Task<FirewallSights> ListAsync(ProviderAccount account, IFirewallDriver driver, CancellationToken ct)
    {
        var begunAt = context.Time.GetUtcNow();
        foreach (var (id, at) in asked)
            if (at + AskedFor < begunAt) asked.TryRemove(id, out _);
        var own = account.Firewalls is { } shared ? await shared.GetAsync(begunAt, ct) : await driver.ListAsync(context.Installation, ct);
        context.ListedFirewalls(key, own);
        List<string> others = [.. asked.Keys.Where(id => own.ById(id) is null).Order(StringComparer.Ordinal)];
        return new FirewallSights(own, others.Count == 0 ? new FirewallListing(begunAt, []) : await driver.ReadAsync(others, ct));
    }

    private void Publish(FirewallsSaid next, bool wasAwaited)
    {
        var before = said;
        said = next;
        if (wasAwaited || IsNews(before, next)) context.AnnounceFirewalls(key);
    }

    private static bool IsNews(FirewallsSaid before, FirewallsSaid next) =>
        before.Trouble != next.Trouble || before.HasNone != next.HasNone || before.Promises != next.Promises || before.Credentials != next.Credentials
        || (before.Last is null) != (next.Last is null) || (next.Last is { } last && !last.Shows(before.Last!));

    private static TimeSpan Longer(TimeSpan rule, TimeSpan? asked) => asked > rule ? asked.Value : rule;
}
