using System.Collections.Concurrent;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>
/// Attaches a pool's and its grid's firewalls to machines that lack them: made before there were any, taken over after a restore, or changed by
/// hand. Others that a machine has stay.
/// </summary>
internal sealed class Attachments(PortsContext context)
{
    /// <summary>Most machines a round: a listing in between shows whether it helps.</summary>
    private const int MostARound = 20;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    /// <summary>Several listings began since.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, DateTimeOffset> asked = new(StringComparer.Ordinal);

    public async Task<Next> AttachAsync(NodePool pool, CancellationToken ct)
    {
        var (ns, settings) = (pool.Metadata.Namespace!, pool.Spec.Provider.Settings);
        if (context.Inventories.Last(ns, settings) is not { } sightings) return new Next.AwaitChange();
        var lacking = context.Nodes.ByIndex(StoreIndex.OwnerUid, pool.Metadata.Uid!)
            .Select(node => (Node: node, Machine: MachineOf(node, sightings.Of(node.Metadata.Uid!))))
            .Where(pair => pair.Machine is not null)
            .Select(pair => (pair.Node, Machine: pair.Machine!, Missing: Missing(pool, pair.Machine!)))
            .Where(each => each.Missing.Count > 0).ToList();
        if (lacking.Count == 0) return new Next.AwaitChange();
        Forget();
        foreach (var (node, machine, missing) in lacking.Where(each => !(asked.TryGetValue(each.Machine.ProviderId, out var at) && at >= sightings.Listing.BegunAt)).OrderBy(each => each.Node.Spec.Ordinal).Take(MostARound))
        {
            asked[machine.ProviderId] = context.Time.GetUtcNow();
            if (await AttachAsync(pool, node, machine, missing, ct)) context.Inventories.Expect(ns, settings);
        }
        // A listing that shows no change wakes nobody, and after a call that failed there is none.
        return new Next.After(Again);
    }

    /// <summary>Ids of the firewalls that a machine in that network is to have, as the owners' last looks found them.</summary>
    public static IEnumerable<string> Wanted(NodePool pool, string network, PortsContext context)
    {
        var account = OwnerAccounts.Of(pool.Spec.Provider.Settings);
        var grid = pool.Spec.GridRef is { } reference ? context.Grids.Find(new(pool.Metadata.Namespace!, reference.Name)) : null;
        return new[] { grid?.Metadata.Uid, pool.Metadata.Uid }.OfType<string>()
            .SelectMany(uid => context.Book.Of(uid)?.States ?? [])
            .Where(s => s.Firewall is not null && s.Network == network && s.Account.Provider == account.Provider && s.Account.Scope == account.Scope)
            .Select(s => s.Firewall!.Id);
    }

    private async Task<bool> AttachAsync(NodePool pool, KontenaNode node, Machine machine, List<string> missing, CancellationToken ct)
    {
        try
        {
            var account = await context.Accounts.OpenAsync(pool.Metadata.Namespace!, pool.Spec.Provider.Settings, ct);
            if (account.Driver.Firewalls is not { } driver) return true;
            await driver.AttachAsync(machine.ProviderId, context.Installation.Id, missing, ct);
            var message = $"Attached {string.Join(", ", missing)} to {machine.ProviderId}, which lacked {(missing.Count == 1 ? "it" : "them")}.";
            context.Log.LogInformation("{Node} {Reason}: {Message}", node.Metadata.Key, "FirewallAttached", message);
            context.Events.Record(KontenaKinds.KontenaNodes, node, EventType.Normal, "FirewallAttached", message);
            return true;
        }
        catch (DriverException fault)
        {
            context.Log.LogWarning("{Node}: firewalls could not be attached to {Machine}: {Message}", node.Metadata.Key, machine.ProviderId, fault.Message);
            return false;
        }
    }

    /// <summary>Machines come and go for years.</summary>
    private void Forget()
    {
        foreach (var (id, at) in asked)
            if (at + Remembered < context.Time.GetUtcNow()) asked.TryRemove(id, out _);
    }

    private List<string> Missing(NodePool pool, Machine machine) => [.. Wanted(pool, machine.Network, context).Except(machine.Firewalls, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Only what its record says is its own, and lasts.</summary>
    private static Machine? MachineOf(KontenaNode node, MachineSight sight) =>
        !node.Metadata.IsBeingDeleted && node.Spec.ProviderID is { } id && sight.ById(id) is { State: MachineState.Pending or MachineState.Running or MachineState.Stopped } machine ? machine : null;
}
