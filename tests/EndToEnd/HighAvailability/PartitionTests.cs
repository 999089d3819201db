using System.Runtime.Versioning;

namespace Kontena.EndToEnd.HighAvailability;

/// <summary>The leader reaches the cloud, but no longer the API server: it stops working before another can begin.</summary>
[SupportedOSPlatform("linux")]
public sealed class PartitionTests : ReplicaTests
{
    private const int Nodes = 7;

    [Test]
    public Task LeaderCutOffFromTheApiServer_ItsLastCloudWriteIsBeforeTheOthersLease() => RepeatAsync(PlayAsync);

    private async Task<bool> PlayAsync()
    {
        // A launch each two seconds, and time to write for five after a renewal: there is work all the time that there may be, and all of it is recorded by then.
        var (scene, replicas) = await PlayTwoAsync(
            1, "--leader-elect-lease-duration", "9s", "--leader-elect-renew-deadline", "7s", "--leader-elect-retry-period", "1s", "--provider-pace", "0.25");
        var leader = replicas.Leader;
        var cut = new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously);
        leader.Cloud.Passing = async (call, moment) =>
        {
            if (call.Action != "RunInstances" || moment != Moment.Arrived || cut.Task.IsCompleted) return;
            // Until then nothing is cut that the launches to come need.
            await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).Count(n => n.Spec.Attempt is not null) == Nodes, "all launches are recorded");
            leader.Api.Swallow();
            cut.TrySetResult(TimeProvider.System.GetUtcNow());
        };

        await scene.Objects.ScaleAsync("web", Nodes);
        if (!await IsStruckAsync(cut.Task, leader)) return false;
        var at = await cut.Task;
        leader.IsOver = true;
        var reign = await replicas.AnotherLeadsAsync(leader);
        Assert.That(await leader.ExitAsync(Ct), Is.EqualTo(Replicas.LostLease));
        await ReadyAsync(Nodes);

        var after = leader.Cloud.Calls.Where(c => c.ChangesCloud && c.At > at).ToList();
        await TestContext.Out.WriteLineAsync($"after the cut: launches at {string.Join(", ", after.Select(c => $"{(c.At - at).TotalSeconds:0.00} s"))}; the other took the lease at {(reign.SentAt - at).TotalSeconds:0.00} s");
        Assert.That(after, Is.Not.Empty, "it was at work when it was cut off, so its stop is not for want of work");
        Assert.That(after[^1].At, Is.LessThan(reign.SentAt));
        Assert.That(scene.Machines.Count(), Is.EqualTo(Nodes));
        await AssertAllWentRightAsync(Nodes);
        return true;
    }
}
