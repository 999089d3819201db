using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ports;

/// <summary>
/// Owners of firewalls, a cloud that misbehaves, and an operator that dies at any step and comes back with nothing but the owners' statuses: the
/// firewall protocol without I/O. The planner and the trace of writes are the product's.
/// </summary>
internal sealed class FirewallModel
{
    public static readonly FirewallAccount One = new("aws", "eu-west-1", "aws");
    public static readonly FirewallAccount Other = new("aws", "us-east-1", "aws");

    private readonly Random random;
    private readonly Dictionary<FirewallAccount, AccountSeen> accounts = [];
    private readonly HashSet<FirewallAccount> awaited = [];
    private DateTimeOffset takenOver;
    private int uids;

    public FirewallModel(int seed)
    {
        random = new Random(seed);
        Cloud = new FirewallCloudModel(random);
        Revive();
    }

    public FirewallCloudModel Cloud { get; }

    public List<FirewallOwnerModel> Owners { get; } = [];

    public List<string> Story { get; } = [];

    /// <summary>Of 100 steps so many are an operator's last.</summary>
    public int Deadliness { get; set; }

    public FirewallOwnerModel Add(string name, params FirewallPlace[] places)
    {
        var owner = new FirewallOwnerModel(name, $"uid-{++uids}") { Places = [.. places] };
        owner.Policies.Add((Cloud.Now, places[0].Want));
        Owners.Add(owner);
        Tell($"{name} comes as {owner.Marks.OwnerUid}");
        return owner;
    }

    public void Want(FirewallOwnerModel owner, IReadOnlyList<PortRule> rules)
    {
        owner.Places = [.. owner.Places.Select(p => p with { Want = rules })];
        owner.Policies.Add((Cloud.Now, rules));
        owner.Generation++;
        Tell($"{owner.Name} wants {string.Join(", ", rules)}");
    }

    /// <summary>Each owner is looked at, told of, and whatever was awaited is listed; time passes.</summary>
    public void Round()
    {
        foreach (var account in new[] { One, Other })
            if (awaited.Remove(account) || random.Next(5) == 0) List(account);
        foreach (var owner in Owners.OrderBy(_ => random.Next()).ToList())
        {
            if (random.Next(4) > 0 || Deadliness == 0) Reconcile(owner);
            if (random.Next(4) > 0 || Deadliness == 0) Status(owner);
        }
        Cloud.Pass(TimeSpan.FromSeconds(random.Next(3) == 0 ? random.Next(1, 20) : random.NextDouble()));
    }

    public void Die()
    {
        Tell("THE OPERATOR DIES");
        Revive();
    }

    private void Revive()
    {
        takenOver = Cloud.Now;
        accounts.Clear();
        foreach (var account in new[] { One, Other }) accounts[account] = new AccountSeen { Account = account };
        awaited.UnionWith(accounts.Keys);
        foreach (var owner in Owners) (owner.Trace, owner.Plan) = (FirewallTrace.None, null);
    }

    private void List(FirewallAccount account)
    {
        try
        {
            accounts[account] = new AccountSeen { Account = account, Listing = Cloud.List(account) };
        }
        catch (DriverException fault)
        {
            accounts[account] = accounts[account] with { Trouble = new Freeze(Reasons.Of(fault.Fault), fault.Message) };
            awaited.Add(account);
        }
    }

    private void Reconcile(FirewallOwnerModel owner)
    {
        var seen = See(owner);
        var plan = owner.Plan = FirewallPlanner.Plan(seen);
        owner.Trace = owner.Trace.AfterSeen(plan.States);
        foreach (var look in plan.Looks.Where(l => Cloud.Now > l.After)) awaited.Add(look.Account);
        foreach (var action in plan.Actions)
        {
            awaited.Add(action.Account);
            var dies = random.Next(100) < Deadliness;
            try
            {
                Tell($"{owner.Name}: {action.GetType().Name} {action.Name} {Rules(action)}");
                Cloud.Send(action, owner.Marks, dies);
                owner.Trace = owner.Trace.AfterDone(action, Cloud.Now);
            }
            catch (DriverException fault)
            {
                Tell($"  {fault.Message}");
                owner.Trace = owner.Trace.AfterFailed(action, fault, Cloud.Now, "");
            }
            if (!dies) continue;
            Die();
            return;
        }
    }

    private FirewallsSeen See(FirewallOwnerModel owner)
    {
        owner.Trace = owner.Trace.AfterMended(owner.Generation);
        foreach (var account in accounts.Keys) owner.Trace = owner.Trace.AfterLook(account, owner.Records.Any(r => r.Id is null && r.Scope == account.Scope), takenOver);
        return new FirewallsSeen
        {
            Marks = owner.Marks,
            OwnerName = owner.Name,
            Now = Cloud.Now,
            Leaving = owner.Leaving,
            Held = owner.Held,
            Places = owner.Leaving ? [] : owner.Places,
            Records = owner.Records,
            Accounts = [.. accounts.Values.Select(a => a with { Proofs = owner.Trace.ProofsOf(a.Account, takenOver) })],
            Refused = owner.Trace.Refused,
            Tries = owner.Trace.Tries,
        };
    }

    /// <summary>As those who write statuses do: the record first, then the owner goes.</summary>
    private void Status(FirewallOwnerModel owner)
    {
        if (owner.Plan is not { } plan) return;
        if (owner.Leaving && OwnFirewallsSeen.NothingLeft(owner.Records, plan.States))
        {
            Owners.Remove(owner);
            Tell($"{owner.Name} is gone");
            return;
        }
        if (owner.Records.SequenceEqual(plan.Records)) return;
        owner.Records = plan.Records;
        Tell($"{owner.Name} has written down {string.Join(", ", plan.Records.Select(r => $"{r.Name} {r.Id}"))}");
    }

    private void Tell(string what) => Story.Add($"{(Cloud.Now - Samples.Noon).TotalSeconds,7:0.0} {what}");

    private static string Rules(FirewallAction action) => string.Join(", ", action switch
    {
        FirewallAction.Open open => open.Rules,
        FirewallAction.Close close => close.Rules,
        _ => [],
    });
}
