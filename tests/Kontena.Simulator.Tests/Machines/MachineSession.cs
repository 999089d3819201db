using Kontena.Simulator.Ec2;
using Kontena.Simulator.Machines;
using Kontena.Simulator.Tests.Ec2;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Machines;

/// <summary>A simulated EC2 whose machines run, with a listening Master: seconds last ten milliseconds, instances run at once.</summary>
internal sealed class MachineSession : IAsyncDisposable
{
    private static readonly TimeSpan Within = Eventually.Patience;

    private MachineSession(Ec2Session ec2) => Ec2 = ec2;

    public Ec2Session Ec2 { get; }

    public ListeningMaster Master { get; } = ListeningMaster.Start();

    public SimulatedMachines Machines => Ec2.Server.Machines;

    public static async Task<MachineSession> StartAsync(MachineOptions? options = null) => new(await Ec2Session.StartAsync(
        new Ec2Options { BootTime = TimeSpan.Zero, ShutdownTime = TimeSpan.Zero, Throttling = false }, TimeProvider.System,
        (options ?? new()) with { Second = TimeSpan.FromMilliseconds(10) }));

    /// <summary>Launches a machine with that user-data, and waits until its first steps are done.</summary>
    public async Task<SimulatedMachine> LaunchAsync(ReadOnlyMemory<byte> userData, string image = "ubuntu/*", bool boots = true)
    {
        var id = (await Ec2.CallAsync("RunInstances", "ImageId", Ec2.Cloud.NewestImage("eu-west-1", image), "InstanceType", "t3.small", "MinCount", "1", "MaxCount", "1",
            "UserData", Convert.ToBase64String(userData.Span))).Text("instanceId");
        var machine = Machines.Of(id);
        if (boots) await UntilAsync(() => machine.Running, "the machine runs");
        return machine;
    }

    public Task<SimulatedMachine> LaunchAsync(string userData, string image = "ubuntu/*", bool boots = true) =>
        LaunchAsync(System.Text.Encoding.UTF8.GetBytes(userData), image, boots);

    public static Task UntilAsync(Func<bool> holds, string what) => Eventually.HoldsAsync(() => Task.FromResult(holds()), what, Within, default);

    /// <summary>Waits for a line of the journal.</summary>
    public static Task SaysAsync(SimulatedMachine machine, string text, int times = 1) =>
        UntilAsync(() => machine.Journal.Count(line => line.Text.Contains(text, StringComparison.Ordinal)) >= times, $"the journal says \"{text}\":\n{string.Join('\n', machine.Journal)}");

    public async ValueTask DisposeAsync()
    {
        await Ec2.DisposeAsync();
        await Master.DisposeAsync();
    }
}
