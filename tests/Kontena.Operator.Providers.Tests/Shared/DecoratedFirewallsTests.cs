using System.Diagnostics.Metrics;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Shared;
using Kontena.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Providers.Tests.Shared;

/// <summary>Each call about firewalls through each decorator: none may be forgotten.</summary>
public sealed class DecoratedFirewallsTests
{
    private readonly ManualTime time = new();
    private readonly ScriptedDriver inner = new();

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    private static IEnumerable<string> Changes => ScriptedFirewalls.Changes.Keys;

    private static IEnumerable<string> Reads => ScriptedFirewalls.Reads.Keys;

    [Test]
    public void DriverWithoutFirewalls_HasNoneThroughAnyDecorator()
    {
        inner.HasFirewalls = false;
        Assert.That((new MeteredDriver(inner, "p", time).Firewalls, new FencedDriver(inner, () => true).Firewalls, Resilient(inner).Firewalls), Is.EqualTo(default((IFirewallDriver?, IFirewallDriver?, IFirewallDriver?))));
    }

    [Test]
    public void Promises_ThroughEveryDecorator_AreTheDrivers()
    {
        var driver = Resilient(new FencedDriver(new MeteredDriver(inner, "p", time), () => true));
        Assert.That(driver.Firewalls?.Promises, Is.EqualTo(inner.Firewalls?.Promises));
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Change_FailsInPassing_IsRepeatedThoughItsOutcomeIsUnknown(string operation)
    {
        inner.Then(ScriptedDriver.Fault(DriverFault.Unavailable, unknown: true)).Then(ScriptedDriver.Fault(DriverFault.Throttled)).Then(ScriptedFirewalls.Firewall);
        await DoneAsync(ScriptedFirewalls.Changes[operation](Resilient(inner).Firewalls!, Ct));
        Assert.That(inner.Calls, Is.EqualTo(3));
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Change_DefiniteRefusal_IsNotRepeated(string operation)
    {
        foreach (var fault in (DriverFault[])[DriverFault.InUse, DriverFault.BadSettings, DriverFault.QuotaReached, DriverFault.NotAllowed])
        {
            var calls = inner.Calls;
            inner.Then(ScriptedDriver.Fault(fault));
            Assert.That(((await FaultAsync(ScriptedFirewalls.Changes[operation](Resilient(inner).Firewalls!, Ct))).Fault, inner.Calls), Is.EqualTo((fault, calls + 1)));
        }
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Change_UnansweredThenRefused_OutcomeStaysUnknown(string operation)
    {
        inner.Then(ScriptedDriver.Fault(DriverFault.Unavailable, unknown: true)).Then(ScriptedDriver.Fault(DriverFault.InUse));
        var fault = await FaultAsync(ScriptedFirewalls.Changes[operation](Resilient(inner).Firewalls!, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.InUse, true)));
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Change_Hangs_OutcomeUnknown(string operation)
    {
        inner.ThenHang();
        var fault = await FaultAsync(ScriptedFirewalls.Changes[operation](Resilient(inner).Firewalls!, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, true)));
    }

    [TestCaseSource(nameof(Reads))]
    public async Task Read_Hangs_OutcomeIsNotUnknown(string operation)
    {
        inner.ThenHang();
        var fault = await FaultAsync(ScriptedFirewalls.Reads[operation](Resilient(inner).Firewalls!, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, false)));
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Change_NotTheLeader_IsNotSent(string operation)
    {
        var fault = await FaultAsync(ScriptedFirewalls.Changes[operation](Resilient(new FencedDriver(inner, () => false)).Firewalls!, Ct));
        Assert.That((fault.Code, fault.OutcomeUnknown, inner.Calls), Is.EqualTo((WriteFence.Code, false, 0)));
    }

    [TestCaseSource(nameof(Reads))]
    public async Task Read_NotTheLeader_IsSent(string operation)
    {
        inner.Then(AnswerOf(operation));
        await ScriptedFirewalls.Reads[operation](new FencedDriver(inner, () => false).Firewalls!, Ct);
        Assert.That(inner.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task AnyCall_IsCountedUnderItsName()
    {
        // The meter is the process's: a provider name of its own keeps other tests out.
        const string Provider = "metered-firewalls-test";
        var counted = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter.Name == MeteredDriver.MeterName) l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var byKey = tags.ToArray().ToDictionary(t => t.Key, t => $"{t.Value}");
            if (byKey["provider"] == Provider) lock (counted) counted.Add($"{byKey["operation"]} {byKey["outcome"]}");
        });
        listener.Start();
        var firewalls = new MeteredDriver(inner, Provider, time).Firewalls!;
        var all = ScriptedFirewalls.Reads.Concat(ScriptedFirewalls.Changes).ToList();
        foreach (var (operation, callAsync) in all)
        {
            inner.Then(AnswerOf(operation));
            await callAsync(firewalls, Ct);
            inner.Then(ScriptedDriver.Fault(DriverFault.InUse));
            await FaultAsync(callAsync(firewalls, Ct));
        }
        Assert.That(counted, Is.EqualTo(all.SelectMany(c => (string[])[$"{c.Key} ok", $"{c.Key} InUse"])));
    }

    private static object AnswerOf(string operation) => operation switch
    {
        "firewall-networks" => new[] { "net-1" },
        "firewall-list" or "firewall-read" => new FirewallListing(default, []),
        _ => ScriptedFirewalls.Firewall,
    };

    private ResilientDriver Resilient(IMachineDriver driver) => new(driver, "aws test", new ResilienceOptions(), time, NullLogger<ResilientDriver>.Instance);

    private async Task<DriverException> FaultAsync(Task call)
    {
        try
        {
            await DoneAsync(call);
        }
        catch (DriverException e)
        {
            return e;
        }
        throw new AssertionException("no fault");
    }

    /// <summary>Moves the clock, a little at a time, until the call is done.</summary>
    private async Task DoneAsync(Task call)
    {
        await Eventually.HoldsAsync(() =>
        {
            if (!call.IsCompleted && time.WaitingTimers > 0) time.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult(call.IsCompleted);
        }, "the call ends", TimeSpan.FromSeconds(60), Ct);
        await call;
    }
}
