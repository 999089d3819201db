using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kontena.Operator.Hosting.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Tests.Hosting;

public sealed class PrometheusRegistryTests : IDisposable
{
    // Meters are seen by the whole process: each test has its own.
    private readonly string name = $"test.m{Guid.NewGuid():N}";
    private readonly string prefix;
    private readonly Meter meter;
    private readonly PrometheusRegistry registry;

    public PrometheusRegistryTests()
    {
        prefix = name.Replace('.', '_');
        meter = new Meter(name);
        registry = Registry(new MetricsOptions { Meters = [name], MaxSeries = 5 });
    }

    public void Dispose()
    {
        registry.Dispose();
        meter.Dispose();
    }

    [Test]
    public void Scrape_OneOfEachInstrument_IsTheTextFormat()
    {
        meter.CreateCounter<long>("reconciles", "{reconcile}", "How many rounds ran.").Add(3, new("kind", "NodePool"), new("error", false));
        meter.CreateUpDownCounter<int>("queue.depth").Add(-2);
        meter.CreateGauge<double>("lag", "s").Record(0.25);
        meter.CreateHistogram<double>("call.duration", "s", "How long a call took.").Record(0.05);
        meter.CreateObservableCounter("read.bytes", () => 4096L, "By");
        meter.CreateObservableGauge("temperature", () => 21.5f);
        var expected = """
            # HELP M_call_duration_seconds How long a call took.
            # TYPE M_call_duration_seconds histogram
            M_call_duration_seconds_bucket{le="0.005"} 0
            M_call_duration_seconds_bucket{le="0.01"} 0
            M_call_duration_seconds_bucket{le="0.025"} 0
            M_call_duration_seconds_bucket{le="0.05"} 1
            M_call_duration_seconds_bucket{le="0.1"} 1
            M_call_duration_seconds_bucket{le="0.25"} 1
            M_call_duration_seconds_bucket{le="0.5"} 1
            M_call_duration_seconds_bucket{le="1"} 1
            M_call_duration_seconds_bucket{le="2.5"} 1
            M_call_duration_seconds_bucket{le="5"} 1
            M_call_duration_seconds_bucket{le="10"} 1
            M_call_duration_seconds_bucket{le="30"} 1
            M_call_duration_seconds_bucket{le="60"} 1
            M_call_duration_seconds_bucket{le="+Inf"} 1
            M_call_duration_seconds_sum 0.05
            M_call_duration_seconds_count 1
            # TYPE M_lag_seconds gauge
            M_lag_seconds 0.25
            # TYPE M_queue_depth gauge
            M_queue_depth -2
            # TYPE M_read_bytes_total counter
            M_read_bytes_total 4096
            # HELP M_reconciles_total How many rounds ran.
            # TYPE M_reconciles_total counter
            M_reconciles_total{error="false",kind="NodePool"} 3
            # TYPE M_temperature gauge
            M_temperature 21.5

            """.Replace("M_", prefix + "_");
        Assert.That(registry.Scrape(), Is.EqualTo(expected));
    }

    [Test]
    public void Scrape_LabelsWithQuotesBackslashesAndLines_AreEscaped()
    {
        meter.CreateCounter<long>("c").Add(1, new KeyValuePair<string, object?>("why", "a \"b\" c:\\d\ne"));
        Assert.That(registry.Scrape(), Does.Contain("""_c_total{why="a \"b\" c:\\d\ne"} 1"""));
        Assert.That(Samples("c_total").Single().Labels["why"], Is.EqualTo("a \"b\" c:\\d\ne"));
    }

    [Test]
    public void Scrape_SameTagsInAnotherOrderOrType_AreOneSeries()
    {
        var counter = meter.CreateCounter<long>("c");
        counter.Add(1, new("a", 1), new("b", "x"));
        counter.Add(1, new("b", "x"), new("a", "1"));
        counter.Add(1, new("b", "x"), new("a", 1L), new("empty", ""), new("none", null));
        var sample = Samples("c_total").Single();
        Assert.That((sample.LabelsText, sample.Value), Is.EqualTo(("a=1,b=x", 3d)));
    }

    [Test]
    public void Scrape_TagsThatBecomeOneName_ShareOneLabel()
    {
        meter.CreateHistogram<double>("h", "s").Record(1, new("a.b", "x"), new("a_b", "y"), new("le", "z"));
        Assert.That(Samples("h_seconds")[0].LabelsText, Is.EqualTo("a_b=x;y,le=0.005,le_=z"));
    }

    [Test]
    public void Scrape_MoreSeriesThanAllowed_CountsTheRestTogether()
    {
        var counter = meter.CreateCounter<long>("c");
        for (var i = 0; i < 100; i++) counter.Add(1, new KeyValuePair<string, object?>("id", i));
        counter.Add(1, new KeyValuePair<string, object?>("id", 0));
        var samples = Samples("c_total");
        Assert.That(samples.Select(s => s.LabelsText), Is.EqualTo(new[] { "id=0", "id=1", "id=2", "id=3", "id=4", "overflow=true" }));
        Assert.That(samples.Select(s => s.Value), Is.EqualTo(new[] { 2d, 1, 1, 1, 1, 95 }));
    }

    [Test]
    public void Scrape_ObservedSeriesNoLongerTold_IsGone()
    {
        var states = new List<Measurement<long>> { new(2, new KeyValuePair<string, object?>("state", "Booting")) };
        meter.CreateObservableGauge("nodes", () => states);
        Assert.That(Samples("nodes").Single().LabelsText, Is.EqualTo("state=Booting"));
        states[0] = new Measurement<long>(3, new KeyValuePair<string, object?>("state", "Ready"));
        var sample = Samples("nodes").Single();
        Assert.That((sample.LabelsText, sample.Value), Is.EqualTo(("state=Ready", 3d)));
    }

    [Test]
    public void Scrape_TwoObservedSumsOfOneName_AddUpAndDoNotGrowByScraping()
    {
        meter.CreateObservableUpDownCounter("depth", () => 2);
        using var other = new Meter(name);
        other.CreateObservableUpDownCounter("depth", () => 5);
        _ = registry.Scrape();
        Assert.That(Samples("depth").Single().Value, Is.EqualTo(7));
    }

    [Test]
    public void Scrape_InstrumentThatThrows_LeavesTheOthers()
    {
        meter.CreateObservableGauge("broken", new Func<int>(() => throw new InvalidOperationException("store is closed")));
        meter.CreateObservableGauge("whole", () => 1);
        registry.GaugeByLabel("broken_store", "Fails.", "state", () => throw new InvalidOperationException("store is closed"));
        Assert.That(ExpositionParser.Parse(registry.Scrape()).Keys, Is.EqualTo(new[] { prefix + "_whole" }));
    }

    [Test]
    public void Scrape_NegativeStepAndNaN_AreDropped()
    {
        var counter = meter.CreateCounter<double>("c");
        counter.Add(2);
        counter.Add(-1);
        counter.Add(double.NaN);
        meter.CreateHistogram<double>("h").Record(double.NaN);
        Assert.That(Samples("c_total").Single().Value, Is.EqualTo(2));
        Assert.That(Samples("h").Single(s => s.Name.EndsWith("_count", StringComparison.Ordinal)).Value, Is.Zero);
    }

    [Test]
    public void Scrape_SameNameOtherKind_KeepsTheFirst()
    {
        meter.CreateUpDownCounter<long>("x").Add(4);
        meter.CreateHistogram<double>("x").Record(1);
        Assert.That(Samples("x").Single().Value, Is.EqualTo(4));
    }

    [Test]
    public void Scrape_AdvisedBuckets_AreTaken()
    {
        meter.CreateHistogram<long>("batch", null, null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 10] }).Record(7);
        Assert.That(Samples("batch").Select(s => (s.Labels.GetValueOrDefault("le"), s.Value)),
            Is.EqualTo(new (string?, double)[] { ("1", 0), ("10", 1), ("+Inf", 1), (null, 7), (null, 1) }));
    }

    [Test]
    public void GaugeByLabel_StoreChanges_ShowsWhatIsThereNow()
    {
        var states = new Dictionary<string, long> { ["Ready"] = 3, ["Booting"] = 1 };
        registry.GaugeByLabel("kontena_nodes", "Nodes by state.", "state", () => states);
        Assert.That(registry.Scrape(), Is.EqualTo("# HELP kontena_nodes Nodes by state.\n# TYPE kontena_nodes gauge\nkontena_nodes{state=\"Booting\"} 1\nkontena_nodes{state=\"Ready\"} 3\n"));
        states.Clear();
        Assert.That(registry.Scrape(), Is.Empty);
    }

    [TestCase("kontena nodes", "state")]
    [TestCase("1nodes", "state")]
    [TestCase("nodes", "le")]
    [TestCase("nodes", "a-b")]
    public void GaugeByLabel_InvalidName_Throws(string metric, string label) =>
        Assert.That(() => registry.GaugeByLabel(metric, "", label, () => new Dictionary<string, long>()), Throws.ArgumentException);

    [Test]
    public async Task Record_ManyThreadsWhileScraped_LosesNothing()
    {
        var counter = meter.CreateCounter<long>("c");
        var histogram = meter.CreateHistogram<double>("h", "s");
        var writers = Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("n", i % 8)); // more than the limit: overflow is raced too
                histogram.Record(i % 3);
            }
        })).ToList();
        var all = Task.WhenAll(writers);
        while (!all.IsCompleted) ExpositionParser.Parse(registry.Scrape());
        await all;
        Assert.That(Samples("c_total").Sum(s => s.Value), Is.EqualTo(80_000));
        Assert.That(Samples("h_seconds").Single(s => s.Name.EndsWith("_count", StringComparison.Ordinal)).Value, Is.EqualTo(80_000));
    }

    [Test]
    public void Record_KnownSeries_AllocatesNothing()
    {
        var counter = meter.CreateCounter<long>("c");
        var histogram = meter.CreateHistogram<double>("h", "s");
        void Once()
        {
            counter.Add(1, new("kind", "NodePool"), new("result", "ok"));
            histogram.Record(0.1, new KeyValuePair<string, object?>("kind", "NodePool"));
        }
        Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) Once();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10_000), "bytes for 20,000 measurements");
    }

    [Test]
    public void Scrape_RuntimeMeter_ShowsMemoryAndCollections()
    {
        using var runtime = Registry(new MetricsOptions());
        var families = ExpositionParser.Parse(runtime.Scrape());
        Assert.That(families["dotnet_process_memory_working_set_bytes"].Samples.Single().Value, Is.GreaterThan(1_000_000));
        Assert.That(families["dotnet_gc_collections_total"].Type, Is.EqualTo("counter"));
    }

    [Test]
    public async Task Scrape_GivenToPromtool_IsAccepted()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "promtool"))))
            Assert.Ignore("promtool is not on PATH: the scrape was checked by our own parser only.");
        meter.CreateCounter<long>("reconciles", null, "Rounds.").Add(3, new KeyValuePair<string, object?>("why", "a \"b\"\\\n"));
        meter.CreateHistogram<double>("call", "s", "Calls.").Record(1);
        using var promtool = Process.Start(new ProcessStartInfo("promtool", "check metrics") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await promtool.StandardInput.WriteAsync(registry.Scrape());
        promtool.StandardInput.Close();
        var said = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.That(promtool.ExitCode, Is.Zero, said);
    }

    private static PrometheusRegistry Registry(MetricsOptions options)
    {
        var registry = new PrometheusRegistry(options, NullLogger.Instance);
        registry.Start();
        return registry;
    }

    private List<ParsedSample> Samples(string family) => ExpositionParser.Parse(registry.Scrape())[$"{prefix}_{family}"].Samples;
}
