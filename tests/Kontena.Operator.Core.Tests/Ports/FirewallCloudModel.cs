using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ports;

/// <summary>
/// A provider's firewalls as values: listings that may show what was seconds ago, calls that are refused, whose answer is lost, or that take effect
/// when nobody waits for them any more, firewalls that are in use, and somebody's hand.
/// </summary>
internal sealed class FirewallCloudModel(Random random)
{
    private readonly List<(DateTimeOffset At, IReadOnlyList<Held> All)> history = [];
    private readonly List<(DateTimeOffset Due, Action Effect)> late = [];
    private int made;

    /// <summary>Of 100 calls so many do not go as they should.</summary>
    public int Trouble { get; set; }

    public DateTimeOffset Now { get; private set; } = Samples.Noon;

    public List<Held> All { get; } = [];

    /// <summary>Writes that arrived, in order, for people.</summary>
    public int Writes { get; private set; }

    /// <summary>Asked before and after a close takes effect: the firewall before, after, and when its sender decided.</summary>
    public Action<Held, Held, DateTimeOffset> Closed { get; set; } = (_, _, _) => { };

    public bool IsQuiet => late.Count == 0;

    public void Pass(TimeSpan by)
    {
        var end = Now + by;
        foreach (var (due, effect) in late.Where(l => l.Due <= end).OrderBy(l => l.Due).ToList())
        {
            Now = due > Now ? due : Now;
            late.RemoveAll(l => l.Effect == effect);
            effect();
            Remember();
        }
        Now = end;
        // The last of before the window is what was shown when it began.
        history.RemoveRange(0, Math.Max(0, history.FindLastIndex(h => h.At <= Now - FirewallTrace.ShownFor)));
    }

    public FirewallListing List(FirewallAccount account)
    {
        if (Fails()) throw new DriverException(random.Next(2) == 0 ? DriverFault.Throttled : DriverFault.NotAllowed, "not now");
        Remember();
        var back = Trouble > 0 && random.Next(2) == 0 ? random.NextDouble() * FirewallTrace.ShownFor : TimeSpan.Zero;
        var all = history.LastOrDefault(h => h.At <= Now - back).All ?? [];
        return new FirewallListing(Now, [.. all.Where(h => h.Account == account).Select(h => h.Firewall).OrderBy(_ => random.Next())]);
    }

    /// <param name="dies">The sender dies while it waits.</param>
    public void Send(FirewallAction action, FirewallMarks owner, bool dies)
    {
        Writes++;
        var decidedAt = Now;
        if (dies || Fails())
            switch (random.Next(4))
            {
                case 0 when !dies:
                    throw new DriverException(DriverFault.Throttled, "too many calls");
                case 0 or 1:
                    throw new DriverException(DriverFault.Unavailable, "lost on the way") { OutcomeUnknown = true };
                case 2:
                    late.Add((Now + random.NextDouble() * FirewallTrace.CallTimeout, () => Late(action, owner, decidedAt)));
                    throw new DriverException(DriverFault.Unavailable, "no answer") { OutcomeUnknown = true };
                default:
                    Do(action, owner, decidedAt);
                    Remember();
                    throw new DriverException(DriverFault.Unavailable, "the answer was lost") { OutcomeUnknown = true };
            }
        Do(action, owner, decidedAt);
        Remember();
    }

    public void Change(Held of, Func<Firewall, Firewall> change)
    {
        All[All.IndexOf(of)] = of with { Firewall = change(of.Firewall) };
        Remember();
    }

    public Held Add(FirewallAccount account, string name, string network, FirewallMarks? marks, params FirewallRule[] rules)
    {
        var held = new Held(account, new Firewall { Id = $"sg-{++made}", Name = name, Network = network, Marks = marks, Rules = rules }, DateTimeOffset.MinValue);
        All.Add(held);
        Remember();
        return held;
    }

    private void Late(FirewallAction action, FirewallMarks owner, DateTimeOffset decidedAt)
    {
        try
        {
            Do(action, owner, decidedAt);
        }
        catch (DriverException)
        {
            // Nobody hears of it.
        }
    }

    private void Do(FirewallAction action, FirewallMarks owner, DateTimeOffset decidedAt)
    {
        switch (action)
        {
            case FirewallAction.Make make:
                var twin = All.Find(h => h.Account == make.Account && h.Firewall.Name == make.Name && h.Firewall.Network == make.Network);
                if (twin is null) Add(make.Account, make.Name, make.Network, owner);
                else if (twin.Firewall.Marks != owner) throw new DriverException(DriverFault.BadSettings, "another's firewall has the name");
                break;
            case FirewallAction.Open open:
                Change(Own(open.Account, open.Id, owner), f => f with { Rules = [.. f.Rules, .. open.Rules.Where(r => f.Rules.All(x => x.Rule != r)).Select(r => new FirewallRule(r, IsOurs: true))] });
                break;
            case FirewallAction.Close close:
                var before = Own(close.Account, close.Id, owner);
                Change(before, f => f with { Rules = [.. f.Rules.Where(r => !r.IsOurs || !close.Rules.Contains(r.Rule))] });
                Closed(before, All.Find(h => h.Firewall.Id == close.Id)!, decidedAt);
                break;
            case FirewallAction.Delete delete when All.Find(h => h.Account == delete.Account && h.Firewall.Id == delete.Id) is { } held:
                if (held.Firewall.Marks != owner) throw new DriverException(DriverFault.BadSettings, "another's");
                if (held.UsedUntil > Now) throw new DriverException(DriverFault.InUse, "a machine has it");
                All.Remove(held);
                break;
        }
    }

    private Held Own(FirewallAccount account, string id, FirewallMarks owner) =>
        All.Find(h => h.Account == account && h.Firewall.Id == id && h.Firewall.Marks == owner) ?? throw new DriverException(DriverFault.BadSettings, "there is none, or it is another's");

    private void Remember() => history.Add((Now, [.. All]));

    private bool Fails() => random.Next(100) < Trouble;

    /// <param name="UsedUntil">Machines have it until then.</param>
    internal sealed record Held(FirewallAccount Account, Firewall Firewall, DateTimeOffset UsedUntil);
}
