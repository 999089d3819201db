using Kontena.Operator.Inventories;
using Kontena.Operator.Providers.Shared;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;

namespace Kontena.EndToEnd.Operator;

/// <summary>What may be different about a scene. Everything waits briefly, so that a test sees in a second what takes a minute.</summary>
internal sealed record SceneOptions
{
    public SceneEngine Engine { get; init; }

    public SceneInstall Install { get; init; }

    /// <summary>Of an API server that is the scene's own; null: the engine's shared one.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>How many seconds of the operator pass in one.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Several operators may run; one of them leads.</summary>
    public bool LeaderElection { get; init; }

    public Ec2Options Ec2 { get; init; } = new() { BootTime = TimeSpan.FromSeconds(0.3), ShutdownTime = TimeSpan.FromSeconds(0.3), Throttling = false };

    /// <summary>The Kontena Master; null: there is none, and machines are nothing but a state.</summary>
    public MasterOptions? Master { get; init; }

    /// <summary>How machines behave, where there is a Master.</summary>
    public MachineOptions Machines { get; init; } = new();

    public Pace Pace { get; init; } = new()
    {
        Quick = TimeSpan.FromMilliseconds(100),
        Settled = TimeSpan.FromMilliseconds(300),
        GridSettled = TimeSpan.FromMilliseconds(300),
        GridFresh = TimeSpan.FromSeconds(5),
        QuickFor = TimeSpan.FromSeconds(1),
        LookAgain = TimeSpan.FromMilliseconds(500),
        SecretsFresh = TimeSpan.FromMilliseconds(200),
    };

    public ResilienceOptions Resilience { get; init; } = new() { Reads = Brisk, Creates = Brisk, Deletes = Brisk, Firewalls = Brisk };

    private static CallFamilyOptions Brisk { get; } = new()
    {
        PerSecond = 100,
        Burst = 100,
        AttemptDeadline = TimeSpan.FromSeconds(1.5),
        Deadline = TimeSpan.FromSeconds(4),
        Repeats = 1,
        FirstDelay = TimeSpan.FromMilliseconds(20),
        BreakerPause = TimeSpan.FromSeconds(0.5),
    };

    /// <summary>The same scene under a clock that is faster: the operator's own time-outs grow with it, so that they stay what they are to the world.</summary>
    public SceneOptions AtSpeed(double speed) => this with
    {
        Speed = speed,
        Pace = Pace with
        {
            Quick = Pace.Quick * speed,
            Settled = Pace.Settled * speed,
            GridSettled = Pace.GridSettled * speed,
            GridFresh = Pace.GridFresh * speed,
            QuickFor = Pace.QuickFor * speed,
            LookAgain = Pace.LookAgain * speed,
            SecretsFresh = Pace.SecretsFresh * speed,
        },
        Resilience = new ResilienceOptions { Reads = Slower(Brisk, speed), Creates = Slower(Brisk, speed), Deletes = Slower(Brisk, speed), Firewalls = Slower(Brisk, speed) },
    };

    /// <summary>
    /// With a Kontena Master that has a grid, and machines that carry out their user-data. All of it lives by the operator's clock, as agents are
    /// refused for wrong ones; what it takes to the wall's clock stays what it is at speed 1.
    /// </summary>
    public SceneOptions WithGrid(int initialSize = 1, double speed = SceneGrids.UsualSpeed) => AtSpeed(speed) with
    {
        Ec2 = Ec2 with { BootTime = Ec2.BootTime * speed, ShutdownTime = Ec2.ShutdownTime * speed },
        Master = SceneGrids.Master(initialSize, speed),
        Machines = new MachineOptions { Second = TimeSpan.FromSeconds(0.05) * speed },
    };

    private static CallFamilyOptions Slower(CallFamilyOptions options, double speed) => options with
    {
        PerSecond = options.PerSecond / speed,
        AttemptDeadline = options.AttemptDeadline * speed,
        Deadline = options.Deadline * speed,
        FirstDelay = options.FirstDelay * speed,
        BreakerPause = options.BreakerPause * speed,
    };
}
