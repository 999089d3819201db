using Kontena.Operator.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Hosting.Health;

/// <summary>Asks all checks at once, each with a deadline, and tells as Kubernetes does (<c>[+]informers ok</c>).</summary>
internal sealed class ReadinessProbe
{
    private readonly IReadOnlyList<IReadinessCheck> checks;
    private readonly HealthOptions options;
    private readonly ILogger log;

    /// <exception cref="ArgumentException">A check whose name is not a plain word, or is taken.</exception>
    public ReadinessProbe(IReadOnlyList<IReadinessCheck> checks, HealthOptions options, ILogger log)
    {
        foreach (var name in checks.Select(check => check.Name))
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
                throw new ArgumentException($"\"{name}\" is no name for a readiness check: letters, digits and dashes.", nameof(checks));
        if (checks.GroupBy(check => check.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Two readiness checks are called {twice.Key}.", nameof(checks));
        this.checks = checks;
        this.options = options;
        this.log = log;
    }

    /// <summary>Whether all hold, and the lines that say so, one a check.</summary>
    public async Task<(bool Ready, IReadOnlyList<string> Lines)> RunAsync(CancellationToken ct)
    {
        var found = await Task.WhenAll(checks.Select(check => AskAsync(check, ct)));
        var lines = checks.Zip(found, (check, readiness) => readiness switch
        {
            Readiness.Ready => $"[+]{check.Name} ok",
            Readiness.NotReady not => $"[-]{check.Name} failed: {PlainText.OneLine(not.Reason)}",
            _ => throw new InvalidOperationException($"unknown readiness {readiness}"),
        });
        return (found.All(readiness => readiness is Readiness.Ready), lines.ToList());
    }

    // A check may fail in any way; the others must still be heard, and the probe must be answered.
    private async Task<Readiness> AskAsync(IReadinessCheck check, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(options.CheckDeadline, options.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            // WaitAsync: a check that ignores its token must not hold the probe either.
            return await Task.Run(() => check.CheckAsync(limit.Token).AsTask(), limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return Readiness.Failed($"no answer within {options.CheckDeadline.TotalSeconds:0.###} s");
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            // The text of the exception stays in the log: the port has no authentication.
            log.LogWarning(fault, "Readiness check {Check} could not be made", check.Name);
            return Readiness.Failed($"{fault.GetType().Name}, see the log");
        }
    }
}
