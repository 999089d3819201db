using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Runtime;

/// <summary>Says a lasting problem once, when it begins or changes, and once when it is over; repetitions go to Debug. Not thread-safe.</summary>
internal sealed class ProblemLog(ILogger log)
{
    private string? current;

    /// <param name="problem">What makes two problems the same one.</param>
#pragma warning disable CA2254 // The template is a constant at every call; this class only chooses the level.
    public void Report(string problem, string template, params object?[] values)
    {
        log.Log(problem == current ? LogLevel.Debug : LogLevel.Warning, template, values);
        current = problem;
    }

    public void Solved(string template, params object?[] values)
    {
        if (current is null) return;
        log.LogInformation(template, values);
        current = null;
    }
#pragma warning restore CA2254
}
