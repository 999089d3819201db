using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Shared;
using Kontena.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Providers.Tests.Shared;

public sealed class ResilientDriverTests
{
    private static readonly AwsSettings settings = new() { Region = "eu-west-1", InstanceTypes = ["t3.small"] };
    private static readonly MachineRequest request = Requests.Of(settings, new Offering("a", "t3.small"), new ResolvedOffering("ami", new Dictionary<string, string>()), "node-1");
    private readonly ManualTime time = new();
    private readonly ScriptedDriver inner = new();

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [TestCase(DriverFault.Throttled)]
    [TestCase(DriverFault.Unavailable)]
    public async Task Create_KeyedAndFailsInPassing_IsRepeated(DriverFault fault)
    {
        inner.Then(ScriptedDriver.Fault(fault)).Then(ScriptedDriver.Fault(fault)).Then(ScriptedDriver.Machine);
        Assert.That(await DoneAsync(Driver().CreateAsync(request, Ct)), Is.SameAs(ScriptedDriver.Machine));
        Assert.That(inner.Calls, Is.EqualTo(3));
    }

    [TestCase(DriverFault.Throttled)]
    [TestCase(DriverFault.Unavailable)]
    public void Create_WithoutKey_IsSentOnce(DriverFault fault)
    {
        var keyless = new ScriptedDriver { Promises = new DriverPromises(false, TimeSpan.FromMinutes(1), 1024) };
        keyless.Then(ScriptedDriver.Fault(fault, unknown: true));
        var thrown = Assert.ThrowsAsync<DriverException>(() => DoneAsync(Driver(inner: keyless).CreateAsync(request, Ct)));
        Assert.That((thrown.Fault, keyless.Calls), Is.EqualTo((fault, 1)));
    }

    [Test]
    public void Create_DefiniteRefusal_IsNotRepeated(
        [Values(DriverFault.NoCapacity, DriverFault.QuotaReached, DriverFault.NotAllowed, DriverFault.BadSettings, DriverFault.TokenMismatch, DriverFault.TokenSpent)] DriverFault fault)
    {
        inner.Then(ScriptedDriver.Fault(fault));
        var thrown = Assert.ThrowsAsync<DriverException>(() => DoneAsync(Driver().CreateAsync(request, Ct)));
        Assert.That((thrown.Fault, thrown.OutcomeUnknown, inner.Calls), Is.EqualTo((fault, false, 1)));
    }

    [Test]
    public void Create_UnansweredThenRefused_OutcomeStaysUnknown()
    {
        inner.Then(ScriptedDriver.Fault(DriverFault.Unavailable, unknown: true)).Then(ScriptedDriver.Fault(DriverFault.NoCapacity, code: "Full"));
        var thrown = Assert.ThrowsAsync<DriverException>(() => DoneAsync(Driver().CreateAsync(request, Ct)));
        Assert.That((thrown.Fault, thrown.Code, thrown.OutcomeUnknown), Is.EqualTo((DriverFault.NoCapacity, "Full", true)));
    }

    [Test]
    public void Create_Hangs_TimedOutEachTryAndOutcomeUnknown()
    {
        inner.ThenHang();
        var options = new ResilienceOptions { Creates = new CallFamilyOptions { AttemptDeadline = TimeSpan.FromSeconds(40), Deadline = TimeSpan.FromMinutes(10), Repeats = 2 } };
        var thrown = Assert.ThrowsAsync<DriverException>(() => DoneAsync(Driver(options).CreateAsync(request, Ct), stepSeconds: 5));
        Assert.That((thrown.Fault, thrown.OutcomeUnknown, inner.Calls), Is.EqualTo((DriverFault.Unavailable, true, 3)));
    }

    [Test]
    public void Create_HangsBeyondTheWholeDeadline_OutcomeUnknown()
    {
        inner.ThenHang();
        var options = new ResilienceOptions { Creates = new CallFamilyOptions { AttemptDeadline = TimeSpan.FromHours(1), Deadline = TimeSpan.FromMinutes(2) } };
        var thrown = Assert.ThrowsAsync<DriverException>(() => DoneAsync(Driver(options).CreateAsync(request, Ct), stepSeconds: 5));
        Assert.That((thrown.Fault, thrown.OutcomeUnknown, inner.Calls), Is.EqualTo((DriverFault.Unavailable, true, 1)));
    }

    [Test]
    public void Create_RefusedThenHangsBeyondTheDeadline_OutcomeUnknown()
    {
        inner.Then(ScriptedDriver.Fault(DriverFault.Throttled)).ThenHang();
        var options = new ResilienceOptions { Creates = new CallFamilyOptions { AttemptDeadline = TimeSpan.FromHours(1), Deadline = TimeSpan.FromMinutes(2) } };
        var thrown = Assert.ThrowsAsync<DriverException>(() => DoneAsync(Driver(options).CreateAsync(request, Ct), stepSeconds: 5));
        Assert.That((thrown.Fault, thrown.OutcomeUnknown, inner.Calls), Is.EqualTo((DriverFault.Unavailable, true, 2)));
    }

    [Test]
    public void List_Hangs_OutcomeIsNotUnknown()
    {
        inner.ThenHang();
        var thrown = Assert.ThrowsAsync<DriverException>(() => DoneAsync(Driver().ListAsync("i", Ct), stepSeconds: 5));
        Assert.That((thrown.Fault, thrown.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, false)));
    }

    [Test]
    public void Create_CallerGivesUp_IsCancelledAndNotAFault()
    {
        inner.ThenHang();
        using var caller = new CancellationTokenSource();
        var call = Driver().CreateAsync(request, caller.Token);
        caller.Cancel();
        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Find_UnknownInPassing_IsAskedAgain()
    {
        inner.Then(new Lookup.Unknown(DriverFault.Unavailable, "cut")).Then(new Lookup.ConfirmedAbsent());
        Assert.That(await DoneAsync(Driver().FindAsync(new MachineQuery.ById("x"), Ct)), Is.EqualTo(new Lookup.ConfirmedAbsent()));
    }

    [Test]
    public async Task Find_StaysUnknown_IsAnAnswerAndNotAnAbsence()
    {
        inner.Then(new Lookup.Unknown(DriverFault.Unavailable, "cut"));
        Assert.That(await DoneAsync(Driver().FindAsync(new MachineQuery.ById("x"), Ct)), Is.EqualTo(new Lookup.Unknown(DriverFault.Unavailable, "cut")));
        Assert.That(inner.Calls, Is.EqualTo(5));
    }

    [Test]
    public async Task List_ProviderSaysWhen_WaitsThatLong()
    {
        inner.Then(ScriptedDriver.Fault(DriverFault.Throttled, retryAfter: TimeSpan.FromSeconds(37))).Then(new MachineListing(default, []));
        var begun = time.GetUtcNow();
        await DoneAsync(Driver().ListAsync("i", Ct));
        Assert.That(time.GetUtcNow() - begun, Is.InRange(TimeSpan.FromSeconds(37), TimeSpan.FromSeconds(38)));
    }

    [Test]
    public void List_ProviderSaysLaterThanTheDeadline_FailsAtOnce()
    {
        inner.Then(ScriptedDriver.Fault(DriverFault.Throttled, retryAfter: TimeSpan.FromHours(1)));
        Assert.ThrowsAsync<DriverException>(() => Driver().ListAsync("i", Ct));
        Assert.That(inner.Calls, Is.EqualTo(1));
    }

    [Test]
    public void Delete_NotTheLeaderAnyMore_IsNotRepeated()
    {
        var driver = Driver(inner: new FencedDriver(inner, () => false));
        var thrown = Assert.ThrowsAsync<DriverException>(() => driver.DeleteAsync("x", "i", Ct));
        Assert.That((thrown.Fault, thrown.OutcomeUnknown, thrown.Code, inner.Calls), Is.EqualTo((DriverFault.Unavailable, false, "NotTheLeader", 0)));
    }

    [Test]
    public void Create_LeadershipLostBetweenTries_StopsAndStaysUnknown()
    {
        var leader = true;
        inner.Then(_ =>
        {
            leader = false;
            throw ScriptedDriver.Fault(DriverFault.Unavailable, unknown: true);
        });
        var driver = Driver(inner: new FencedDriver(inner, () => leader));
        var thrown = Assert.ThrowsAsync<DriverException>(() => DoneAsync(driver.CreateAsync(request, Ct)));
        Assert.That((thrown.Code, thrown.OutcomeUnknown, inner.Calls), Is.EqualTo(("NotTheLeader", true, 1)));
    }

    [Test]
    public async Task Reads_MostFail_SuspendedThenTriedAgainWhileCreatesGoOn()
    {
        inner.Then(ScriptedDriver.Fault(DriverFault.Unavailable));
        var options = new ResilienceOptions { Reads = new CallFamilyOptions { Repeats = 0, BreakerMinimum = 10 } };
        var driver = Driver(options);
        for (var i = 0; i < 10; i++) Assert.ThrowsAsync<DriverException>(() => driver.ListAsync("i", Ct));
        var suspended = Assert.ThrowsAsync<DriverException>(() => driver.ListAsync("i", Ct));
        Assert.That((suspended.Fault, suspended.OutcomeUnknown, inner.Calls), Is.EqualTo((DriverFault.Unavailable, false, 10)));
        Assert.That(suspended.Message, Does.Contain("suspended").And.Contain("reads at aws test"));

        inner.Then(ScriptedDriver.Machine);
        Assert.That(await DoneAsync(driver.CreateAsync(request, Ct)), Is.SameAs(ScriptedDriver.Machine));
        time.Advance(TimeSpan.FromSeconds(16));
        inner.Then(new MachineListing(default, []));
        Assert.That((await DoneAsync(driver.ListAsync("i", Ct))).Machines, Is.Empty);
    }

    [Test]
    public void Creates_ManyRefused_AreNotSuspended()
    {
        inner.Then(ScriptedDriver.Fault(DriverFault.NoCapacity));
        var driver = Driver(new ResilienceOptions { Creates = new CallFamilyOptions { Burst = 100 } });
        for (var i = 0; i < 40; i++) Assert.ThrowsAsync<DriverException>(() => driver.CreateAsync(request, Ct));
        Assert.That(inner.Calls, Is.EqualTo(40));
    }

    private ResilientDriver Driver(ResilienceOptions? options = null, IMachineDriver? inner = null) =>
        new(inner ?? this.inner, "aws test", options ?? new ResilienceOptions(), time, NullLogger<ResilientDriver>.Instance);

    /// <summary>Moves the clock, a little at a time, until the call is done.</summary>
    private async Task<T> DoneAsync<T>(Task<T> call, double stepSeconds = 0.5)
    {
        await Eventually.HoldsAsync(() =>
        {
            if (!call.IsCompleted && time.WaitingTimers > 0) time.Advance(TimeSpan.FromSeconds(stepSeconds));
            return Task.FromResult(call.IsCompleted);
        }, "the call ends", TimeSpan.FromSeconds(60), Ct);
        return await call;
    }
}
