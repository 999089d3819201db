using System.Diagnostics;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Tests.Walks;

/// <summary>Walks a script: its steps, then, when acts have stopped and all is mended, the way to rest.</summary>
internal sealed class Walk : IDisposable
{
    private readonly Script script;
    private readonly Acts acts;
    private readonly GridActs grid;
    private readonly CloudEvents events;

    private Walk(Script script, List<string>? story)
    {
        this.script = script;
        World = new World(script.Keyed, script.InitialSize, story);
        acts = new Acts(World);
        grid = new GridActs(World, acts);
        events = new CloudEvents(World);
    }

    private World World { get; }

    public static Outcome Of(Script script, bool tell = false)
    {
        List<string>? story = tell ? [] : null;
        using var walk = new Walk(script, story);
        walk.Run();
        return new Outcome(walk.World.Violation, walk.World.Statistics, story ?? []);
    }

    public void Dispose() => World.Dispose();

    private void Run()
    {
        foreach (var secret in Enumerable.Range(0, Acts.Secrets.Count)) acts.WriteCredentials(secret, Keys.Good);
        if (World.HasGrid) grid.Make();
        foreach (var step in script.Steps)
        {
            World.Statistics.Steps++;
            var at = World.Story?.Count ?? 0;
            var clock = World.Clock;
            var what = Do(step);
            World.Story?.Insert(at, $"{clock} {what}");
            foreach (var violation in World.Cloud.Violations) World.Violate(violation);
            if (World.Life.WasLeft) World.Violate("the operator left the thread");
            if (World.Violation is not null) return;
        }
        new Healing(World, acts, World.HasGrid ? new GridHealing(World, acts, grid) : null).Run();
    }

    private string Do(Step step) => step.Kind switch
    {
        StepKind.Apply => "the user " + acts.Apply(step.A, step.B, step.C),
        StepKind.Scale => "the user " + acts.Scale(step.A, step.B),
        StepKind.DeletePool => "the user " + acts.DeletePool(step.A),
        StepKind.DeleteNode => "the user " + acts.DeleteNode(step.A),
        StepKind.EditTypes => "the user " + acts.EditTypes(step.A, step.B),
        StepKind.EditUserData => "the user " + acts.EditUserData(step.A),
        StepKind.Pause => "the user " + acts.SetPaused(step.A, true),
        StepKind.Unpause => "the user " + acts.SetPaused(step.A, false),
        StepKind.MoveToSecret => "the user " + acts.MoveToSecret(step.A, step.B),
        StepKind.RotateCredentials => "the user " + acts.WriteCredentials(step.A, Keys.Good),
        StepKind.SpoilCredentials => "the user " + acts.WriteCredentials(step.A, Keys.Refused),
        StepKind.TakeForeignCredentials => "the user " + acts.WriteCredentials(step.A, Keys.OfAnotherAccount),
        StepKind.Abandon => "the user " + acts.Abandon(step.A, step.B),
        StepKind.DeleteCredentials => "the user " + acts.DeleteCredentials(step.A),
        StepKind.TerminateByHand => "cloud: " + events.Change(step.A, MachineState.Terminated),
        StepKind.Vanish => "cloud: " + events.Vanish(step.A),
        StepKind.Stop => "cloud: " + events.Change(step.A, MachineState.Stopped),
        StepKind.StartAgain => "cloud: " + events.Change(step.A, MachineState.Pending),
        StepKind.PlaceForeign => "cloud: " + events.PlaceForeign(step.A, step.B),
        StepKind.Drought => "cloud: " + events.Drought(step.A),
        StepKind.Quota => "cloud: " + events.Quota(step.A),
        StepKind.Hide => "cloud: " + events.Hide(step.A),
        StepKind.CloudTrouble => "cloud: " + events.CloudTrouble(step.A, step.B, step.C),
        StepKind.Blind => "cloud: " + events.Blind(step.A, step.B),
        StepKind.BreakPromises => "cloud: " + Tell("unanswered creates take minutes longer than promised", () => World.Wire.BreaksPromises = true),
        StepKind.CloudDown => "cloud: " + Tell("does not answer", () => World.CloudIsDown = true),
        StepKind.CloudUp => "cloud: " + Tell("answers", () => World.CloudIsDown = false),
        StepKind.ApiTrouble => "api: " + events.ApiTrouble(step.A, step.B, step.C),
        StepKind.ApiDown => "api: " + Tell("does not answer", () => World.ApiIsDown = true),
        StepKind.ApiUp => "api: " + Tell("answers", () => World.ApiIsDown = false),
        StepKind.FreezeWatch => "api: " + Tell($"watches of {Kind(step.A)} deliver nothing", () => World.Frozen.Add(Kind(step.A))),
        StepKind.ThawWatch => "api: " + Tell("watches deliver", World.Frozen.Clear),
        StepKind.EndWatches => "api: " + Tell("watches end", () => World.Life.Do(() => World.Api.EndWatches())),
        StepKind.Compact => "api: " + Tell("forgets its history", () => World.Life.Do(World.Api.Compact)),
        StepKind.AbandonEntry => "the user " + grid.AbandonEntry(step.A, step.B),
        StepKind.DeleteGrid => "the user " + grid.Delete(),
        StepKind.MakeGrid => "the user " + grid.Make(),
        StepKind.RemoveEntry => "master: " + grid.RemoveEntry(step.A),
        StepKind.RelabelEntry => "master: " + grid.Relabel(step.A, step.B),
        StepKind.PlaceForeignEntry => "master: " + grid.PlaceForeign(step.A, step.B),
        StepKind.MasterTrouble => "master: " + events.MasterTrouble(step.A, step.B, step.C),
        StepKind.MasterDown => "master: " + Tell("does not answer", () => World.MasterIsDown = true),
        StepKind.MasterUp => "master: " + Tell("answers", () => World.MasterIsDown = false),
        StepKind.Hold => Hold(World.HasGrid && step.A % 3 == 2 ? Side.Master : step.A % 2 == 0 ? Side.Cloud : Side.Api, step.B % 2 == 0, step.C % 4),
        StepKind.Turn => Tell($"{1 + step.B % 6} turns", () => Turns(1 + step.B % 6, step.A)),
        StepKind.Settle => Tell("the operator works until it waits", () => World.Settle(step.A)),
        StepKind.Advance => Advance(step.A, step.B),
        StepKind.Wake => Tell("a spurious wake-up", () => World.Life.Wake(step.A)),
        StepKind.Die => Tell("THE OPERATOR DIES, another starts", () => World.Die(step.A)),
        StepKind.Depose => Tell("THE OPERATOR LOSES THE LEASE, another leads; all that the first had sent arrives", () => World.Depose()),
        _ => throw new UnreachableException($"unknown step {step.Kind}"),
    };

    private string Hold(Side side, bool before, int skip)
    {
        World.AddHold(side, before, skip);
        return $"a call of {side} will hang {(before ? "before" : "after")} it is done, {skip} calls from now";
    }

    private string Advance(int a, int b)
    {
        var by = TimeSpan.FromMilliseconds((a % 4) switch { 0 => 100 + b, 1 => 2000 + 10 * b, 2 => 10_000 + 50 * b, _ => 30_000 + 150 * b });
        return Tell($"{by.TotalSeconds:0.0} s pass", () => World.Advance(by, b));
    }

    private void Turns(int count, int choice)
    {
        for (var i = 0; i < count && World.Turn(choice + 7 * i); i++)
        {
            // Each turn is what happened.
        }
    }

    private static string Kind(int which) => Walks.World.WatchedKinds[which % Walks.World.WatchedKinds.Count];

    private static string Tell(string what, Action act)
    {
        act();
        return what;
    }
}

/// <param name="Violation">Null where all held.</param>
internal sealed record Outcome(string? Violation, Statistics Statistics, IReadOnlyList<string> Story);
