using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// One leader among the replicas, by a Lease. A lease of another is timed on our own clock from when we saw it change;
/// the times written in it are never compared. Leads at most once: after a loss it throws, and the process ends.
/// </summary>
/// <param name="clock">A <see cref="BootClock"/> outside of tests.</param>
public sealed class LeaderElection(IKubeApi api, LeaderElectionOptions options, TimeProvider clock, Func<double> random, ILogger log) : ILeadership, IDisposable
{
    private readonly LeaderElectionOptions options = options.Validated();
    private readonly LeaseTerm term = new(options, clock);
    private readonly LeaseStandby standby = new(api, options, clock, random, log);
    private readonly ProblemLog problems = new(log);
    private readonly TaskCompletionSource leading = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when this process leads; never where it does not come to that.</summary>
    public Task Leading => leading.Task;

    public CancellationToken Lost => term.Lost;

    public DateTimeOffset? TakenOver => term.TakenOver;

    public TimeSpan? LeadingFor => term.LeadingFor;

    public bool MayWrite(TimeSpan margin) => term.MayWrite(margin);

    /// <summary>Waits for the lease, holds it until cancelled, then gives it back. Cancel only after the work has stopped: others take over at once.</summary>
    /// <exception cref="LeadershipLost">The lease could not be renewed in time, or another holds it.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        Lease? held = null;
        try
        {
            held = await AcquireAsync(ct);
            leading.TrySetResult();
            log.LogInformation("{Identity} leads by lease {Lease}", options.Identity, options.Lease);
            while (true)
            {
                await DelayAsync(ct);
                held = await RenewAsync(held, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            if (term.End() && held is not null) await ReleaseAsync(held);
        }
        finally
        {
            term.End();
        }
    }

    public void Dispose() => term.Dispose();

    private async Task<Lease> AcquireAsync(CancellationToken ct)
    {
        while (true)
        {
            Lease? seen = null;
            try
            {
                seen = await FindAsync(options.RenewDeadline, ct);
                if ((seen is null || standby.MayTake(seen)) && await TryTakeAsync(seen, ct) is { } won) return won;
                problems.Solved("Lease {Lease} can be read again", options.Lease);
            }
            // AlreadyExists, Conflict: another was quicker.
            catch (KubeFault fault) when (fault.Reason is not (FaultReason.AlreadyExists or FaultReason.Conflict))
            {
                problems.Report(fault.Reason.ToString(), "Cannot acquire lease {Lease}: {Fault}", options.Lease, fault.Message);
            }
            catch (KubeFault) { }
            await standby.WaitAsync(seen, ct);
        }
    }

    private async Task<Lease?> TryTakeAsync(Lease? seen, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var spec = new LeaseSpec
        {
            HolderIdentity = options.Identity,
            LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds,
            AcquireTime = now,
            RenewTime = now,
            LeaseTransitions = seen is null ? 0 : (seen.Spec.LeaseTransitions ?? 0) + 1,
        };
        var sent = clock.GetTimestamp();
        var won = await WithinAsync(options.RenewDeadline, token => seen is null
            ? api.CreateAsync(CoreKinds.Lease, New(spec), WriteOptions.Default, token)
            : api.UpdateAsync(CoreKinds.Lease, seen with { Spec = spec }, WriteOptions.Default, token), ct);
        return term.Renew(sent) ? won : null;
    }

    private async Task<Lease> RenewAsync(Lease held, CancellationToken ct)
    {
        while (true)
        {
            var left = term.Remaining;
            if (left <= TimeSpan.Zero) throw Lose($"was not renewed for {options.RenewDeadline}");
            try
            {
                return await RenewOnceAsync(held, left, ct);
            }
            catch (KubeFault fault) when (fault.Reason == FaultReason.Conflict)
            {
                held = await StillOursAsync(held, ct);
            }
            catch (KubeFault fault) when (fault.Reason == FaultReason.NotFound)
            {
                // Whoever asks next creates it anew and leads.
                throw Lose("was deleted");
            }
            catch (KubeFault fault)
            {
                problems.Report(fault.Reason.ToString(), "Cannot renew lease {Lease}: {Fault}", options.Lease, fault.Message);
                await DelayAsync(ct);
            }
        }
    }

    private async Task<Lease> RenewOnceAsync(Lease held, TimeSpan left, CancellationToken ct)
    {
        var sent = clock.GetTimestamp();
        var renewal = held with { Spec = held.Spec with { RenewTime = clock.GetUtcNow() } };
        var renewed = await WithinAsync(left, token => api.UpdateAsync(CoreKinds.Lease, renewal, WriteOptions.Default, token), ct);
        if (!term.Renew(sent)) throw Lose($"was not renewed for {options.RenewDeadline}");
        problems.Solved("Lease {Lease} is renewed again", options.Lease);
        return renewed;
    }

    /// <summary>After a conflict: our own renewal whose answer was lost, an edit by a third hand, or another holder.</summary>
    private async Task<Lease> StillOursAsync(Lease held, CancellationToken ct)
    {
        try
        {
            var now = await FindAsync(term.Remaining, ct) ?? throw Lose("was deleted");
            return now.Spec.HolderIdentity == options.Identity ? now : throw Lose($"is held by '{now.Spec.HolderIdentity}'");
        }
        catch (KubeFault fault)
        {
            problems.Report(fault.Reason.ToString(), "Cannot read lease {Lease}: {Fault}", options.Lease, fault.Message);
            await DelayAsync(ct);
            return held;
        }
    }

    private async Task ReleaseAsync(Lease held)
    {
        try
        {
            await GiveBackAsync(held);
            log.LogInformation("{Identity} gave back lease {Lease}", options.Identity, options.Lease);
        }
        catch (KubeFault fault)
        {
            log.LogWarning("Cannot give back lease {Lease}, it runs out by itself: {Fault}", options.Lease, fault.Message);
        }
    }

    private async Task GiveBackAsync(Lease held)
    {
        var current = held;
        for (var attempt = 0; ; attempt++)
        {
            var free = current with { Spec = current.Spec with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = clock.GetUtcNow() } };
            try
            {
                await WithinAsync(options.ReleaseTimeout, token => api.UpdateAsync(CoreKinds.Lease, free, WriteOptions.Default, token), CancellationToken.None);
                return;
            }
            catch (KubeFault fault) when (fault.Reason == FaultReason.Conflict && attempt == 0)
            {
                // A renewal that the stop cut off may have been carried out.
                if (await FindAsync(options.ReleaseTimeout, CancellationToken.None) is not { } now || now.Spec.HolderIdentity != options.Identity) return;
                current = now;
            }
        }
    }

    private async Task<Lease?> FindAsync(TimeSpan limit, CancellationToken ct)
    {
        try
        {
            return await WithinAsync(limit, token => api.GetAsync(CoreKinds.Lease, options.Lease, token), ct);
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.NotFound)
        {
            return null;
        }
    }

    private Lease New(LeaseSpec spec) => new()
    {
        ApiVersion = CoreKinds.Lease.ApiVersion,
        Kind = CoreKinds.Lease.Kind,
        Metadata = new ObjectMeta { Namespace = options.Lease.Namespace, Name = options.Lease.Name },
        Spec = spec,
    };

    private LeadershipLost Lose(string why)
    {
        term.End();
        return new LeadershipLost($"{options.Identity} no longer leads: lease {options.Lease} {why}");
    }

    private async Task DelayAsync(CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, term.Lost);
        try
        {
            await Task.Delay(options.RetryPeriod * (1 + random() / 5), clock, either.Token);
        }
        // The deadline passed during the wait: the caller asks what remains, and throws.
        catch (OperationCanceledException) when (!ct.IsCancellationRequested) { }
    }

    private Task<TResult> WithinAsync<TResult>(TimeSpan limit, Func<CancellationToken, Task<TResult>> call, CancellationToken ct) =>
        CallDeadline.RunAsync(clock, limit > TimeSpan.Zero ? limit : TimeSpan.Zero, $"a call about lease {options.Lease}", call, ct);
}
