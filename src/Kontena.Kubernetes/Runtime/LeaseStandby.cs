using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources.Core;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// What a standby saw of the lease, and its wait between two looks. It looks as often as client-go's elector, and watches the lease beside that:
/// a release ends the wait at once, a renewal that was seen spares the next look, and a lease that runs out is looked at right then.
/// </summary>
internal sealed class LeaseStandby(IKubeApi api, LeaderElectionOptions options, TimeProvider clock, Func<double> random, ILogger log)
{
    /// <summary>A server is asked to end a watch after a random time between this and twice this.</summary>
    private static readonly TimeSpan WatchTimeout = TimeSpan.FromMinutes(5);

    private (string? Version, long At, TimeSpan Duration)? observed;
    private string? holder;
    private bool isWatchRefused;

    private enum Turn
    {
        /// <summary>Nobody holds it now.</summary>
        Free,

        /// <summary>No change was seen for so long that it is time to look.</summary>
        Silent,

        /// <summary>The watch told nothing, or no more.</summary>
        Blind,
    }

    /// <summary>Whether the lease, as it was just read, is nobody's, ours, or of a holder that was silent for the lease's whole duration.</summary>
    public bool MayTake(Lease seen)
    {
        if (IsFree(seen) || seen.Spec.HolderIdentity == options.Identity) return true;
        var (_, at, duration) = Observe(seen);
        return clock.GetElapsedTime(at) >= duration;
    }

    /// <summary>Returns when the lease is worth another look.</summary>
    /// <param name="seen">As it was read last; null where there is none, or where it could not be read.</param>
    public async Task WaitAsync(Lease? seen, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var turn = seen is null || isWatchRefused ? Turn.Blind : await FollowAsync(seen, ct);
        var wait = turn switch
        {
            // All standbys see a release at the same time: whoever comes a moment later sees who was first, and sends nothing.
            Turn.Free => options.RetryPeriod * (random() / 10),
            Turn.Silent => TimeSpan.Zero,
            Turn.Blind => Jittered(options.RetryPeriod) - clock.GetElapsedTime(began),
            _ => throw new InvalidOperationException($"Unknown turn {turn}."),
        };
        if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, ct);
    }

    private static bool IsFree(Lease lease) => string.IsNullOrEmpty(lease.Spec.HolderIdentity);

    private async Task<Turn> FollowAsync(Lease seen, CancellationToken ct)
    {
        // Never disposed, and it owns nothing: a timer may still fire when its process was frozen and is woken.
        var silent = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silent.Token);
        await using var look = clock.CreateTimer(_ => silent.Cancel(), null, UntilNextLook(), Timeout.InfiniteTimeSpan);
        try
        {
            await using var watch = await api.WatchAsync(CoreKinds.Lease, Query(seen), either.Token);
            await foreach (var line in watch.EventsAsync(either.Token))
            {
                if (line is WatchEvent<Lease>.Failed) return Turn.Blind;
                if (line is WatchEvent<Lease>.Deleted || Changed(line) is { } changed && IsFree(changed)) return Turn.Free;
                look.Change(UntilNextLook(), Timeout.InfiniteTimeSpan);
            }
            return Turn.Blind;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Turn.Silent;
        }
        catch (KubeFault fault)
        {
            Complain(fault);
            return Turn.Blind;
        }
    }

    /// <summary>The lease's name is named, so that a role may be bound to this one lease.</summary>
    private WatchQuery Query(Lease seen) => new(
        seen.Metadata.ResourceVersion!, WatchTimeout * (1 + random()), options.Lease.Namespace, FieldSelector: $"metadata.name={options.Lease.Name}", Bookmarks: false);

    private Lease? Changed(WatchEvent<Lease> line)
    {
        var lease = line switch
        {
            WatchEvent<Lease>.Added e => e.Resource,
            WatchEvent<Lease>.Modified e => e.Resource,
            _ => null,
        };
        if (lease is not null && !IsFree(lease)) Observe(lease);
        return lease;
    }

    /// <summary>Timed from when the answer or event arrived, not from when it was asked for: the holder counts from earlier than we do.</summary>
    private (string? Version, long At, TimeSpan Duration) Observe(Lease lease)
    {
        if (holder != lease.Spec.HolderIdentity)
        {
            holder = lease.Spec.HolderIdentity;
            log.LogInformation("Lease {Lease} is held by {Holder}; {Identity} stands by", options.Lease, holder, options.Identity);
        }
        if (observed is { } before && before.Version == lease.Metadata.ResourceVersion) return before;
        var duration = lease.Spec.LeaseDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.LeaseDuration;
        var now = (lease.Metadata.ResourceVersion, clock.GetTimestamp(), duration);
        observed = now;
        return now;
    }

    /// <summary>
    /// A holder renews once a retry period: two without news, and the watch may be dead. Sooner where the lease runs out before, spread a little,
    /// since it does so for all standbys at once. Once it has run out and could not be taken, as after any failure.
    /// </summary>
    private TimeSpan UntilNextLook()
    {
        var left = observed is { } o ? o.Duration - clock.GetElapsedTime(o.At) : TimeSpan.Zero;
        if (left <= TimeSpan.Zero) return Jittered(options.RetryPeriod);
        var pause = Jittered(options.RetryPeriod * 2);
        var end = left + options.RetryPeriod * (random() / 5);
        return end < pause ? end : pause;
    }

    private TimeSpan Jittered(TimeSpan period) => period * (1 + random() / 5);

    private void Complain(KubeFault fault)
    {
        if (fault.Reason is not (FaultReason.Forbidden or FaultReason.BadRequest))
        {
            // Looking goes on, and says what lasts.
            log.LogDebug("Cannot watch lease {Lease}: {Fault}", options.Lease, fault.Message);
            return;
        }
        isWatchRefused = true;
        log.LogWarning("Cannot watch lease {Lease}, so a lease that is given back is only noticed after up to {Period}: {Fault}", options.Lease, options.RetryPeriod * 1.2, fault.Message);
    }
}
