using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Providers.Shared;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Inventories;

/// <summary>
/// Lists one account's machines over and over, for all pools at once: quickly while something is on its way, once a minute when all
/// is settled. A listing that failed changes what is known of the provider, never what is known of machines.
/// </summary>
internal sealed class AccountInventory(AccountKey key, string ns, ProviderSettings settings, InventoryContext context)
{
    private readonly WakeablePause pauses = new(context.Time);
    private volatile Sightings? last;
    private volatile ProviderSeen provider = new ProviderSeen.NotYet();
    private long quickUntil;
    private int failures;

    public AccountKey Key => key;

    public Sightings? Last => last;

    public ProviderSeen Provider => provider;

    /// <summary>Something is on its way: listings come quickly for a while.</summary>
    public void Expect()
    {
        var wasQuick = IsQuick;
        Interlocked.Exchange(ref quickUntil, context.Time.GetUtcNow().Add(context.Pace.QuickFor).UtcTicks);
        if (!wasQuick) pauses.Wake();
    }

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var pause = await ListAsync(ct);
            await pauses.WaitAsync(pause, ct);
        }
    }

    private bool IsQuick => context.Time.GetUtcNow().UtcTicks < Interlocked.Read(ref quickUntil);

    private async Task<TimeSpan> ListAsync(CancellationToken ct)
    {
        try
        {
            var account = await context.Accounts.OpenAsync(ns, settings, ct);
            var listing = await account.Inventory.GetAsync(context.Time.GetUtcNow(), ct);
            failures = 0;
            Publish(new Sightings(listing));
            return IsQuick ? context.Pace.Quick : context.Pace.Settled;
        }
        catch (DriverException fault)
        {
            failures++;
            // What made the breaker open is the news, and was told: a condition that changes with each of its turns is noise.
            if (fault.Code != ResilientDriver.SuspendedCode || provider is not ProviderSeen.Fails) Publish(new ProviderSeen.Fails(fault.Fault, ProviderReasons.Of(fault), fault.Message));
            return PauseAfter(fault);
        }
    }

    /// <summary>Where only a human can help, the Secret is read again soon and the provider asked with it: once in a while is cheap, and mended credentials work at once.</summary>
    private TimeSpan PauseAfter(DriverException fault)
    {
        if (RetryRule.NeedsHuman(fault.Fault)) return context.Pace.LookAgain;
        var rule = RetryRule.After(fault.Fault, failures);
        return fault.RetryAfter > rule ? fault.RetryAfter.Value : rule;
    }

    private void Publish(Sightings now)
    {
        var before = last;
        var wasAnswering = provider is ProviderSeen.Answers;
        last = now;
        provider = new ProviderSeen.Answers();
        if (!wasAnswering) context.Log.LogInformation("Provider {Provider} {Scope} answers: {Count} machines of this installation", key.Provider, key.Scope, now.Listing.Machines.Count);
        context.Announce(new InventoryNews(key, [.. now.ChangedSince(before)], !wasAnswering, First: before is null));
    }

    private void Publish(ProviderSeen.Fails fails)
    {
        if (provider == fails) return;
        provider = fails;
        context.Log.LogWarning("Provider {Provider} {Scope} does not answer: {Reason}: {Message}", key.Provider, key.Scope, fails.Reason, fails.Message);
        context.Announce(new InventoryNews(key, [], ProviderChanged: true, First: false));
    }
}
