using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Runtime;

/// <summary>What runs together. Informers run from the start, so that a standby's caches are warm; controllers only while leading.</summary>
/// <param name="Election">Null: this process always leads.</param>
public sealed record HostedParts(
    IReadOnlyList<IInformer> Informers,
    IReadOnlyList<Controller> Controllers,
    EventRecorder? Events = null,
    LeaderElection? Election = null);

/// <summary>
/// Runs the parts of an operator and is the owner that joins them. Any part that ends without being asked ends the whole,
/// with its error: half an operator is worse than a restarted one. At a stop: controllers first, then what they wrote to
/// is flushed, then the lease is given back, so that the successor never meets our work.
/// </summary>
public sealed class ControllerHost(HostedParts parts, ILogger log)
{
    /// <exception cref="LeadershipLost">Another may lead now.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var stopInformers = new CancellationTokenSource();
        using var stopElection = new CancellationTokenSource();
        using var stopEvents = new CancellationTokenSource();
        using var stopControllers = new CancellationTokenSource();
        List<Part> informers = [.. parts.Informers.Select(i => new Part($"Informer {i.Name}", i.RunAsync(stopInformers.Token), stopInformers))];
        List<Part> election = parts.Election is { } e ? [new Part("Leader election", e.RunAsync(stopElection.Token), stopElection)] : [];
        List<Part> events = parts.Events is { } r ? [new Part("Event recorder", r.RunAsync(stopEvents.Token), stopEvents)] : [];
        List<Part> controllers = [.. parts.Controllers.Select(c => new Part($"Controller {c.Name}", RunLeadingAsync(c, stopControllers.Token), stopControllers))];
        List<Part> all = [.. controllers, .. events, .. election, .. informers];

        var unexpected = await FirstToEndAsync(all, ct);
        if (unexpected is not null) log.LogError(unexpected.Task.Exception?.InnerException, "{Part} ended unexpectedly; stopping", unexpected.Name);
        List<Exception> errors = [];
        foreach (var part in all) await StopAsync(part, errors);
        if (unexpected is { Task.IsFaulted: true }) await unexpected.Task;
        if (errors.Count > 0) throw errors[0];
        if (unexpected is not null) throw new InvalidOperationException($"{unexpected.Name} ended although nobody stopped it.");
    }

    private async Task RunLeadingAsync(Controller controller, CancellationToken stop)
    {
        if (parts.Election is not { } election)
        {
            await controller.RunAsync(CancellationToken.None, stop);
            return;
        }
        try
        {
            await election.Leading.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        await controller.RunAsync(election.Lost, stop);
        if (!stop.IsCancellationRequested && election.Lost.IsCancellationRequested)
            throw new LeadershipLost($"Controller {controller.Name} was stopped because leadership was lost");
    }

    /// <returns>The part that ended by itself; null where the stop came first.</returns>
    private static async Task<Part?> FirstToEndAsync(List<Part> all, CancellationToken ct)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ct.Register(() => stopped.TrySetResult());
        var first = await Task.WhenAny([.. all.Select(part => part.Task), stopped.Task]);
        return all.Find(part => part.Task == first);
    }

    private async Task StopAsync(Part part, List<Exception> errors)
    {
        await part.Stop.CancelAsync();
        try
        {
            await part.Task;
        }
        // Kept, not swallowed: every part has to be joined before the first error may leave.
        catch (Exception exception)
        {
            errors.Add(exception);
            log.LogDebug(exception, "{Part} ended with an error", part.Name);
        }
    }

    private sealed record Part(string Name, Task Task, CancellationTokenSource Stop);
}
