using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kontena.Kubernetes.Client;

namespace Kontena.Kubernetes.Tests.Client;

public sealed class ClientMetricsTests
{
    [Test]
    public async Task Requests_AnsweredRefusedAndUnanswered_AreCountedByVerbResourceAndCode()
    {
        // A resource that no other test of this process asks for.
        var kind = Widgets.Kind with { Plural = "meteredwidgets" };
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = Listen("meteredwidgets.kontena.io", counts);
        var server = await FakeApiServer.StartAsync(c => c.StatusAsync(409, "Conflict", "changed meanwhile"));
        using var api = Widgets.Client(server);

        Assert.ThrowsAsync<KubeFault>(() => api.UpdateAsync(kind, Widgets.Named("web"), WriteOptions.Default, CancellationToken.None));
        Assert.ThrowsAsync<KubeFault>(() => api.UpdateAsync(kind, Widgets.Named("web"), WriteOptions.Default, CancellationToken.None));
        Assert.ThrowsAsync<KubeFault>(() => api.ListAsync(kind, new ListQuery(), CancellationToken.None));
        await server.DisposeAsync();
        Assert.ThrowsAsync<KubeFault>(() => api.DeleteAsync(kind, Widgets.Web, new DeleteQuery(), CancellationToken.None));

        Assert.That(counts, Is.EquivalentTo(new Dictionary<string, long> { ["update 409"] = 2, ["list 409"] = 1, ["delete none"] = 1 }));
    }

    private static MeterListener Listen(string resource, ConcurrentDictionary<string, long> counts)
    {
        var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter.Name == ClientMetrics.MeterName) l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var tag = tags.ToArray().ToDictionary(t => t.Key, t => (string)t.Value!);
            if (tag["resource"] == resource) counts.AddOrUpdate($"{tag["verb"]} {tag["code"]}", value, (_, n) => n + value);
        });
        listener.Start();
        return listener;
    }
}
