using Kontena.Operator.Core.Machines;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Kontena.Operator.Providers.Shared;

/// <summary>
/// Reads, creates or deletes of one account and scope: they share a pace, a circuit breaker and the rule by which a call is
/// repeated. A try is: repeat → breaker → turn → time-out → call.
/// </summary>
internal sealed class CallFamily
{
    private static readonly ResiliencePropertyKey<CallState> stateKey = new("kontena.call");

    private readonly string name;
    private readonly CallFamilyOptions options;
    private readonly CallRisk risk;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly CallPace pace;
    private readonly ResiliencePipeline<CallOutcome> tries;
    private readonly ResiliencePipeline oneTry;

    /// <param name="name">For messages and logs, e.g. "creates at aws eu-west-1".</param>
    public CallFamily(string name, CallFamilyOptions options, CallRisk risk, TimeProvider time, ILogger log)
    {
        (this.name, this.options, this.risk, this.time, this.log) = (name, options, risk, time, log);
        pace = new CallPace(options.PerSecond, options.Burst, time);
        tries = ComposeTries();
        oneTry = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.AttemptDeadline).Build();
    }

    /// <summary>Runs a call; throws <see cref="DriverException"/>, or cancellation when <paramref name="ct"/> asks for it.</summary>
    /// <param name="what">The call in messages.</param>
    public async Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> callAsync, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        var state = new CallState(what, time.GetTimestamp());
        var context = ResilienceContextPool.Shared.Get(either.Token);
        context.Properties.Set(stateKey, state);
        try
        {
            var outcome = await tries.ExecuteAsync(
                async (c, call) => await TryAsync(c.Properties.GetValue(stateKey, state), async t => (object?)await call(t), c.CancellationToken), context, callAsync);
            return outcome.Fault is null ? (T)outcome.Value! : throw state.Final(outcome.Fault);
        }
        catch (BrokenCircuitException e)
        {
            throw state.Final(Suspended(what, e));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // A try that was under way when time ran out may have been carried out, whatever the one before it was told.
            throw state.Final(state.IsSending || state.LastFault is null
                ? OutOfTime(what, options.Deadline, mayHaveArrived: state.IsSending && risk == CallRisk.Changes)
                : state.LastFault);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<CallOutcome> TryAsync(CallState state, Func<CancellationToken, Task<object?>> callAsync, CancellationToken ct)
    {
        try
        {
            await pace.WaitAsync(state.What, Remaining(state), ct);
            state.IsSending = true;
            var outcome = new CallOutcome(await oneTry.ExecuteAsync(async t => await callAsync(t), ct), null);
            state.IsSending = false;
            return outcome;
        }
        catch (DriverException e)
        {
            state.IsSending = false;
            return state.Failed(e);
        }
        catch (TimeoutRejectedException)
        {
            state.IsSending = false;
            return state.Failed(OutOfTime(state.What, options.AttemptDeadline, mayHaveArrived: risk == CallRisk.Changes));
        }
    }

    private ResiliencePipeline<CallOutcome> ComposeTries()
    {
        var builder = new ResiliencePipelineBuilder<CallOutcome> { TimeProvider = time };
        if (options.Repeats > 0) builder.AddRetry(Repeating());
        return builder.AddCircuitBreaker(Breaking()).Build();
    }

    private RetryStrategyOptions<CallOutcome> Repeating() => new()
    {
        MaxRetryAttempts = options.Repeats,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = options.FirstDelay,
        MaxDelay = options.LongestDelay,
        ShouldHandle = args => ValueTask.FromResult(
            args.Outcome.Result?.Fault is { } fault && IsWorthRepeating(fault) && HasTimeFor(fault, args.Context.Properties.GetValue(stateKey, null!))),
        // The provider's own word about when to come back goes before our schedule.
        DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result?.Fault?.RetryAfter),
        OnRetry = args =>
        {
            log.LogDebug("{Call} failed ({Fault}), trying again in {Delay}", args.Context.Properties.GetValue(stateKey, null!).What, args.Outcome.Result?.Fault?.Fault, args.RetryDelay);
            return ValueTask.CompletedTask;
        },
    };

    private CircuitBreakerStrategyOptions<CallOutcome> Breaking() => new()
    {
        FailureRatio = options.BreakerRatio,
        MinimumThroughput = options.BreakerMinimum,
        SamplingDuration = options.BreakerWindow,
        BreakDuration = options.BreakerPause,
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result?.Fault is { Fault: DriverFault.Unavailable, Code: not WriteFence.Code }),
        OnOpened = args =>
        {
            log.LogWarning("Calls are suspended for {Pause}: most {Family} fail; the last: {Message}", args.BreakDuration, name, args.Outcome.Result?.Fault?.Message);
            return ValueTask.CompletedTask;
        },
        OnClosed = _ =>
        {
            log.LogInformation("Calls go on: {Family} work again", name);
            return ValueTask.CompletedTask;
        },
    };

    private static bool IsWorthRepeating(DriverException fault) =>
        fault.Fault is DriverFault.Throttled or DriverFault.Unavailable && fault.Code != WriteFence.Code;

    private bool HasTimeFor(DriverException fault, CallState state) => (fault.RetryAfter ?? TimeSpan.Zero) < Remaining(state);

    private TimeSpan Remaining(CallState state) => options.Deadline - time.GetElapsedTime(state.BegunAt);

    private DriverException Suspended(string what, BrokenCircuitException e) =>
        new(DriverFault.Unavailable, $"{what} was not sent: {name} are suspended after many failures; the next one is let through soon.") { Code = ResilientDriver.SuspendedCode, RetryAfter = e.RetryAfter };

    private static DriverException OutOfTime(string what, TimeSpan limit, bool mayHaveArrived) =>
        new(DriverFault.Unavailable, $"{what}: not done within {limit.TotalSeconds:0.#} s.") { OutcomeUnknown = mayHaveArrived };

    /// <summary>What one call knows over its tries.</summary>
    private sealed class CallState(string what, long begunAt)
    {
        private bool mayBeDone;

        public string What => what;

        public long BegunAt => begunAt;

        public bool IsSending { get; set; }

        public DriverException? LastFault { get; private set; }

        public CallOutcome Failed(DriverException fault)
        {
            mayBeDone |= fault.OutcomeUnknown;
            LastFault = fault;
            return new CallOutcome(null, fault);
        }

        /// <summary>A definite refusal of the last try says nothing about an earlier one that went unanswered.</summary>
        public DriverException Final(DriverException fault) => fault.OutcomeUnknown || !mayBeDone
            ? fault
            : new DriverException(fault.Fault, $"{fault.Message} An earlier try of the same call was not answered and may have been carried out.", fault)
            {
                Code = fault.Code,
                RetryAfter = fault.RetryAfter,
                OutcomeUnknown = true,
            };
    }

    /// <summary>A value rather than an exception, so that the breaker counts a definite refusal as the sign of life it is.</summary>
    private sealed record CallOutcome(object? Value, DriverException? Fault);
}

/// <summary>What a lost answer may hide.</summary>
internal enum CallRisk
{
    Nothing,
    Changes,
}
