using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>See: the accounts in which an owner has firewalls, or needs some.</summary>
internal static class OwnerAccounts
{
    public static FirewallAccount Of(ProviderSettings settings) => new(settings.Provider, settings.InventoryScope, settings.CredentialsSecret);

    /// <summary>Those that are used now; and of what the owner has written down those that none of these shows: it may have moved to another account's credentials.</summary>
    public static Dictionary<FirewallAccount, ProviderSettings> Of(string ns, IEnumerable<ProviderSettings> used, IReadOnlyList<FirewallRef>? records, PortsContext context)
    {
        Dictionary<FirewallAccount, ProviderSettings> known = [];
        foreach (var settings in used) known.TryAdd(Of(settings), settings);
        foreach (var old in records ?? [])
            if (!known.Any(k => k.Key.Provider == old.Provider && k.Key.Scope == old.Scope && (k.Key.CredentialsSecret == old.CredentialsSecret || Shows(ns, k.Value, old, context)))
                && ProviderSpec.InScope(old.Provider, old.Scope, old.CredentialsSecret) is { } settings)
                known.TryAdd(Of(settings), settings);
        return known;
    }

    /// <param name="credentialsHeld">The Secret cannot vanish before the owner.</param>
    public static AccountSeen Seen(string ns, string ownerUid, FirewallAccount account, ProviderSettings settings, IReadOnlyList<FirewallRef>? records, bool credentialsHeld, PortsContext context)
    {
        var said = context.Inventories.Firewalls(ns, settings).Said;
        context.Traces.Look(ownerUid, account, unseen: records?.Any(r => r.Id is null && r.Provider == account.Provider && r.Scope == account.Scope) == true);
        return new AccountSeen
        {
            Account = account,
            // A provider without firewalls has none of ours either, and always will.
            Listing = said.HasNone ? new FirewallListing(DateTimeOffset.MaxValue, []) : said.Last?.Own,
            Trouble = said.Trouble,
            NeedsHuman = said.NeedsHuman,
            CredentialsHeld = credentialsHeld,
            Credentials = said.Credentials,
            Proofs = context.Traces.ProofsOf(ownerUid, account),
        };
    }

    private static bool Shows(string ns, ProviderSettings settings, FirewallRef old, PortsContext context) =>
        old.Id is { } id && context.Inventories.Firewalls(ns, settings).Said.Last?.Own.ById(id) is not null;
}
