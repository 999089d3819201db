using System.Diagnostics.Metrics;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Shared;
using Kontena.TestKit;

namespace Kontena.Operator.Providers.Tests.Shared;

public sealed class MeteredDriverTests
{
    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Calls_GoodAndBad_CountedByOperationAndOutcome()
    {
        // The meter is the process's: a provider name of its own keeps other tests out.
        const string Provider = "metered-test";
        var counted = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "kontena.provider") l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var byKey = tags.ToArray().ToDictionary(t => t.Key, t => $"{t.Value}");
            if (byKey["provider"] == Provider) lock (counted) counted.Add($"{instrument.Name} {byKey["operation"]} {byKey["outcome"]} {value}");
        });
        listener.Start();
        var inner = new ScriptedDriver().Then(new MachineListing(default, [])).Then(ScriptedDriver.Fault(DriverFault.Throttled)).Then(new Lookup.Unknown(DriverFault.NotAllowed, ""));
        var driver = new MeteredDriver(inner, Provider, new ManualTime());
        await driver.ListAsync("i", Ct);
        Assert.ThrowsAsync<DriverException>(() => driver.DeleteAsync("x", "i", Ct));
        await driver.FindAsync(new MachineQuery.ById("x"), Ct);
        Assert.That(counted, Is.EqualTo(new[]
        {
            "kontena.provider.calls list ok 1", "kontena.provider.calls delete Throttled 1", "kontena.provider.calls find NotAllowed 1",
        }));
    }
}
