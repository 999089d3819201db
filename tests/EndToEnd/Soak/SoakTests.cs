using Kontena.EndToEnd.Operator;

namespace Kontena.EndToEnd.Soak;

/// <summary>The informer against real API servers that come and go. The long run is <c>make soak</c>.</summary>
public sealed class SoakTests
{
    private const string Switch = "KONTENA_SOAK";

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Informer_CutOffAndServerRestarted_StoreEqualsAFreshListEachTime([Values] SceneEngine engine)
    {
        await using ISoakServer server = engine == SceneEngine.Real ? await RealSoakServer.StartAsync(Ct) : await EmbeddedSoakServer.StartAsync(Ct);
        await using var soak = new InformerSoak(server, SoakOptions.Small, TestContext.Out.WriteLine);

        await soak.RunAsync(Ct);

        Assert.That(soak.Survived, Is.EqualTo(SoakOptions.Small.Cuts + SoakOptions.Small.Restarts));
    }

    /// <summary>Alone in its process, so that the memory is the informer's, the client's and this test's.</summary>
    [Test]
    public async Task Informer_TenThousandNodes_SixtyWatchesAndThreeServersLost_MemoryFlat()
    {
        if (Environment.GetEnvironmentVariable(Switch) != "full") Assert.Ignore($"{Switch} is not \"full\": make soak runs this for about ten minutes.");
        var options = SoakOptions.Full;
        await using var server = await RealSoakServer.StartAsync(Ct);
        await using var soak = new InformerSoak(server, options, TestContext.Progress.WriteLine);

        await soak.RunAsync(Ct);

        Assert.That(soak.Memory, Has.Count.EqualTo(options.Cuts + options.Silences + options.Restarts));
        // The first readings are of a process that is still being compiled.
        var (first, last) = (Average(soak.Memory.Skip(3).Take(5)), Average(soak.Memory.TakeLast(5)));
        await TestContext.Progress.WriteLineAsync($"from {first} to {last}: times {last.Heap / first.Heap:F3} and {last.Resident / first.Resident:F3}");
        Assert.That(last.Heap / first.Heap, Is.LessThan(1.1));
        Assert.That(last.Resident / first.Resident, Is.LessThan(1.25));
    }

    private static MemoryReading Average(IEnumerable<MemoryReading> readings)
    {
        var all = readings.ToList();
        return new MemoryReading(all.Average(r => r.Heap), all.Average(r => r.Resident));
    }
}
