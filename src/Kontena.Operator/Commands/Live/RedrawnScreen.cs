using Spectre.Console;

namespace Kontena.Operator.Commands.Live;

/// <summary>Draws the newest model in place: when it changes, when a second has passed (ages), when the terminal was resized.</summary>
internal sealed class RedrawnScreen(IAnsiConsole console, TimeProvider time)
{
    /// <summary>Fast enough to look immediate, slow enough for a terminal behind ssh.</summary>
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(200);

    private LiveModel latest = new();

    /// <summary>Ends with the models; what they threw is thrown.</summary>
    public async Task ShowAsync(IAsyncEnumerable<LiveModel> models, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = ReadAsync(models, stop.Token);
        try
        {
            await ShowAtOneSizeAsync(reading, stop.Token);
            while (!reading.IsCompleted)
            {
                // Spectre pads a picture to the largest one that it drew, and the terminal has re-wrapped the old one:
                // after a resize only a fresh display on a cleared screen is right.
                console.Clear(home: true);
                await ShowAtOneSizeAsync(reading, stop.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await reading;
    }

    private async Task ReadAsync(IAsyncEnumerable<LiveModel> models, CancellationToken ct)
    {
        await foreach (var model in models.WithCancellation(ct)) Volatile.Write(ref latest, model);
    }

    private Task ShowAtOneSizeAsync(Task reading, CancellationToken ct)
    {
        var size = Size();
        return console.Live(Picture(latest)).Overflow(VerticalOverflow.Crop).StartAsync(async screen =>
        {
            var (drawn, second) = (default(LiveModel), 0L);
            while (!reading.IsCompleted && Size() == size)
            {
                var (model, now) = (Volatile.Read(ref latest), time.GetUtcNow().ToUnixTimeSeconds());
                if (!ReferenceEquals(model, drawn) || now != second) screen.UpdateTarget(Picture(model));
                (drawn, second) = (model, now);
                await Task.WhenAny(reading, Task.Delay(Frame, time, ct));
            }
            if (reading.IsCompleted) screen.UpdateTarget(Picture(Volatile.Read(ref latest)));
        });
    }

    private (int Width, int Height) Size() => (console.Profile.Width, console.Profile.Height);

    private LiveScreen Picture(LiveModel model) => new(model, time.GetUtcNow(), time.LocalTimeZone);
}
