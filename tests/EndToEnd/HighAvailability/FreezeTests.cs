using System.Runtime.Versioning;

namespace Kontena.EndToEnd.HighAvailability;

/// <summary>
/// A leader stands still past its lease (a suspended machine, a paused container, a node without a processor to spare) and comes back when
/// another leads: it ends, and whatever it still had on its way is absorbed.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class FreezeTests : ReplicaTests
{
    /// <summary>Each has two operators; more at a time only make each other late.</summary>
    private static readonly SemaphoreSlim stages = new(3);

    private static IEnumerable<TestCaseData> Points => FreezePoint.All.Select(p => new TestCaseData(p).SetArgDisplayNames(p.Name));

    [TestCaseSource(nameof(Points))]
    public async Task LeaderFrozenPastItsLease_ThenContinued_Ends_AndOneMachineANodeIsLeft(object at)
    {
        var point = (FreezePoint)at;
        await stages.WaitAsync(Ct);
        try
        {
            await RepeatAsync(() => PlayAsync(point));
        }
        finally
        {
            stages.Release();
        }
    }

    private async Task<bool> PlayAsync(FreezePoint point)
    {
        var (scene, replicas) = await PlayTwoAsync(point.Before, BriefLease);
        var leader = replicas.Leader;
        var struck = new TaskCompletionSource<GateCall>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (handedOn, delivered) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        leader.Cloud.Passing = leader.Api.Passing = async (call, moment) =>
        {
            if (moment == point.Moment && point.Is(call) && !struck.Task.IsCompleted)
            {
                leader.Freeze();
                if (struck.TrySetResult(call)) await handedOn.Task;
            }
            if (moment == Moment.Answered && struck.Task is { IsCompletedSuccessfully: true, Result: { } held } && held == call) delivered.TrySetResult();
        };

        await scene.Objects.ScaleAsync("web", point.After);
        if (!await IsStruckAsync(struck.Task, leader)) return false;
        var frozen = await struck.Task;
        leader.IsOver = true;
        var reign = await replicas.AnotherLeadsAsync(leader);
        if (point.Delivery == Delivery.WhenSettled) await ReadyAsync(point.After);
        handedOn.TrySetResult();
        await delivered.Task.WaitAsync(Patience, TimeProvider.System, Ct);
        await ReadyAsync(point.After);
        var woken = TimeProvider.System.GetUtcNow();
        leader.Send(Signal.Continue);

        Assert.That(await leader.ExitAsync(Ct), Is.EqualTo(Replicas.LostLease), "a leader that lost its lease ends, to begin anew as a standby");
        var late = leader.Cloud.Calls.Concat(leader.Api.Calls).Where(c => c.At > woken && (c.ChangesCloud || c.ChangesObjects)).ToList();
        await TestContext.Out.WriteLineAsync($"frozen at {frozen}, answered {frozen.Status}; the other led {(reign.SeenAt - frozen.At).TotalSeconds:0.00} s later; sent by the first after it was woken: [{string.Join("; ", late)}]");
        Assert.That(late.Where(c => c.ChangesCloud), Is.Empty, "it does nothing to the cloud any more");
        Assert.That(late.Where(c => c.Status is >= 200 and < 300), Is.Empty, "and changes nothing in the cluster");
        await ReadyAsync(point.After);
        Assert.That(scene.Machines.Count(), Is.EqualTo(Math.Max(point.Before, point.After)), "machines ever made");
        Assert.That(await scene.Objects.NodesAsync(), Has.Count.EqualTo(point.After));
        await AssertAllWentRightAsync(Math.Max(point.Before, point.After));
        return true;
    }
}
