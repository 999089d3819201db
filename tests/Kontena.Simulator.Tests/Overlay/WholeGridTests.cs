using System.Diagnostics;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;
using Kontena.Simulator.Overlay;
using Kontena.Simulator.Tests.Ec2;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Overlay;

public sealed class WholeGridTests
{
    private const int Most = 254;

    [Test]
    public async Task Grid_Full_IsConnectedEachWithEach()
    {
        await using var session = await Ec2Session.StartAsync(
            new Ec2Options { BootTime = TimeSpan.Zero, Throttling = false }, TimeProvider.System, new MachineOptions { Second = TimeSpan.FromMilliseconds(10) }, new MasterOptions());
        var threads = Process.GetCurrentProcess().Threads.Count;
        var watch = Stopwatch.StartNew();
        var machines = Enumerable.Range(1, Most).Select(i => session.Server.LaunchForeign(new ForeignMachine { Grid = MasterOptions.DemoGrid, Name = $"web-{i}", Image = "ubuntu/*" })).ToList();
        await Eventually.HoldsAsync(() => Task.FromResult(machines.All(m => m.Overlay.Running)), "all routers run", TimeSpan.FromSeconds(120), CancellationToken.None);
        var joined = watch.Elapsed;
        await Eventually.HoldsAsync(() => Task.FromResult(session.Server.Machines.Overlay.Gaps(machines.Select(m => m.InstanceId)).Count == 0), "all are connected", TimeSpan.FromSeconds(60), CancellationToken.None);
        var connected = watch.Elapsed;
        watch.Restart();
        var view = session.Server.Machines.Overlay;
        TestContext.Out.WriteLine($"{Most} agents joined in {joined.TotalSeconds:F1} s and were connected after {connected.TotalSeconds:F1} s; {view.Links.Count} links read again in {watch.Elapsed.TotalMilliseconds:F0} ms");
        Assert.That((view.Routers.Count, view.Count(OverlayMode.Fastdp, encrypted: true)), Is.EqualTo((Most, Most * (Most - 1) / 2)));
        Assert.That(Process.GetCurrentProcess().Threads.Count - threads, Is.LessThan(60));
    }
}
