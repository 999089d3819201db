using System.Globalization;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>Do: carries out the plan for an owner's firewalls, one call after the other, and has them listed anew: what was done is believed when it is seen.</summary>
internal sealed class FirewallRound(PortsContext context)
{
    /// <summary>Time has to pass between what a listing is to prove and its beginning.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(1);

    /// <returns>When to look again though nothing changes.</returns>
    public async Task<Next> DoAsync(OwnerSight owner, FirewallPlan plan, CancellationToken ct)
    {
        context.Traces.Seen(owner.Uid, plan.States);
        foreach (var action in plan.Actions)
        {
            var settings = owner.Settings[action.Account];
            try
            {
                var account = await context.Accounts.OpenAsync(owner.Key.Namespace, settings, ct);
                if (account.Driver.Firewalls is not { } driver) continue;
                await DoAsync(owner, action, driver, ct);
                context.Traces.Done(owner.Uid, action);
                Tell(owner, action);
            }
            catch (DriverException fault)
            {
                context.Traces.Failed(owner.Uid, action, fault, owner.Seen.Accounts.First(a => a.Account == action.Account).Credentials);
                if (fault.Fault != DriverFault.InUse)
                    context.Log.LogWarning("{Owner}: firewall {Firewall} could not be changed: {Message}", owner.Key, action.Name, fault.Message);
            }
            context.Inventories.Firewalls(owner.Key.Namespace, settings).LookNow();
        }
        Next next = plan.Wait is { } wait ? new Next.After(wait) : new Next.AwaitChange();
        foreach (var look in plan.Looks) next = Next.Earliest(next, LookAt(owner, look));
        return next;
    }

    /// <summary>A listing that shows nothing new wakes nobody, unless somebody waits for it.</summary>
    private Next LookAt(OwnerSight owner, FirewallLook look)
    {
        var early = look.After - context.Time.GetUtcNow();
        if (early >= TimeSpan.Zero) return new Next.After(early + Later);
        context.Inventories.Firewalls(owner.Key.Namespace, owner.Settings[look.Account]).LookNow();
        return new Next.AwaitChange();
    }

    private static Task DoAsync(OwnerSight owner, FirewallAction action, IFirewallDriver driver, CancellationToken ct) => action switch
    {
        FirewallAction.Make make => driver.EnsureAsync(new FirewallRequest
        {
            Marks = owner.Seen.Marks,
            Name = make.Name,
            Description = owner.Describe,
            Network = make.Network,
            Settings = owner.Seen.Marks.Owner == FirewallOwner.Pool ? owner.Settings[make.Account] : null,
        }, ct),
        FirewallAction.Open open => driver.OpenAsync(open.Id, owner.Seen.Marks, open.Rules, ct),
        FirewallAction.Close close => driver.CloseAsync(close.Id, owner.Seen.Marks, close.Rules, ct),
        FirewallAction.Delete delete => driver.DeleteAsync(delete.Id, owner.Seen.Marks, ct),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "unknown action"),
    };

    private void Tell(OwnerSight owner, FirewallAction action)
    {
        var (reason, message) = action switch
        {
            FirewallAction.Make make => ("FirewallMade", $"Made firewall {make.Name}{In(make.Network)}."),
            FirewallAction.Open open => ("PortsOpened", $"Opened in {open.Id}: {List(open.Rules)}."),
            FirewallAction.Close close => ("PortsClosed", $"Closed in {close.Id}: {List(close.Rules)}."),
            FirewallAction.Delete delete => ("FirewallRemoved", $"Removed firewall {delete.Id} ({delete.Name})."),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "unknown action"),
        };
        context.Log.LogInformation("{Owner} {Reason}: {Message}", owner.Key, reason, message);
        owner.Record(EventType.Normal, reason, message);
    }

    private static string In(string network) => network.Length == 0 ? "" : $" in {network}";

    private static string List(IReadOnlyList<PortRule> rules)
    {
        const int shown = 5;
        var more = rules.Count > shown ? string.Create(CultureInfo.InvariantCulture, $" and {rules.Count - shown} more") : "";
        return string.Join(", ", rules.Take(shown)) + more;
    }
}
