using Spectre.Console;

namespace Kontena.Operator.Commands.Live;

/// <summary>Shows a changing <see cref="LiveModel"/>: redrawn in place on a terminal, line by line anywhere else.</summary>
/// <param name="console">Where to; its capabilities decide on colours.</param>
/// <param name="plain">One line a change, nothing redrawn.</param>
public sealed class LiveView(IAnsiConsole console, bool plain, TimeProvider time)
{
    /// <summary>A view on standard output.</summary>
    /// <param name="plainAsked">The user gave <c>--plain</c>.</param>
    /// <param name="environment">Reads one environment variable; null where it is not set.</param>
    public static LiveView OnStandardOutput(bool plainAsked, Func<string, string?> environment, TimeProvider time) =>
        new(AnsiConsole.Console, IsPlain(plainAsked, Console.IsOutputRedirected, environment), time);

    /// <summary>Shows each model until there are no more, or until <paramref name="ct"/> is cancelled; then returns, the last picture left standing.</summary>
    /// <param name="models">A new one at each change. The view reads it at once, so a writer is never held up by the terminal.</param>
    public async Task RunAsync(IAsyncEnumerable<LiveModel> models, CancellationToken ct)
    {
        try
        {
            await (plain ? PrintAsync(models, ct) : new RedrawnScreen(console, time).ShowAsync(models, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl-C is how people leave a view.
        }
    }

    // NO_COLOR (https://no-color.org) is taken to mean "no screen tricks": who sets it pipes, records, or reads aloud.
    internal static bool IsPlain(bool plainAsked, bool outputRedirected, Func<string, string?> environment) =>
        plainAsked || outputRedirected || !string.IsNullOrEmpty(environment("NO_COLOR")) || environment("TERM") == "dumb";

    private async Task PrintAsync(IAsyncEnumerable<LiveModel> models, CancellationToken ct)
    {
        var lines = new PlainLines(time.LocalTimeZone);
        await foreach (var model in models.WithCancellation(ct))
            foreach (var line in lines.Next(model, time.GetUtcNow()))
                await console.Profile.Out.Writer.WriteLineAsync(line.AsMemory(), ct); // not through Spectre: it would wrap
        await console.Profile.Out.Writer.FlushAsync(ct);
    }
}
