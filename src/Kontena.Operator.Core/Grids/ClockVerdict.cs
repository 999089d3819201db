namespace Kontena.Operator.Core.Grids;

/// <summary>
/// Whether agents whose clock is as ours would be taken by the Master: it refuses (4020) those more than 6 s in its past or 1 s in its future
/// (kontena server/app/services/agent/node_plugger.rb; WEBSOCKET_TIMEOUT + KONTENA_CLOCK_SKEW). The <c>Date</c> header has whole seconds and the
/// call takes its time, so a second on either side says nothing.
/// </summary>
public static class ClockVerdict
{
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan MostBehind = TimeSpan.FromSeconds(2);

    /// <summary>What was called skewed has to come back by this much, so that a clock on the border does not flap.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>The Master's clock against ours: positive where it is ahead. Null where its header is missing.</summary>
    public static TimeSpan? Ahead(MasterVersion answer) =>
        answer.Clock is { } clock ? clock.AddSeconds(0.5) - (answer.AskedAt + (answer.AnsweredAt - answer.AskedAt) / 2) : null;

    /// <returns>Null where all is well; else a sentence without a figure that would change from look to look.</returns>
    public static string? Of(TimeSpan ahead, bool wasOut)
    {
        var slack = wasOut ? Slack : TimeSpan.Zero;
        if (ahead <= MostAhead - slack && ahead >= -MostBehind + slack) return null;
        var (side, most) = ahead > TimeSpan.Zero ? ("ahead of", "6 seconds") : ("behind", "1 second");
        var size = ahead.Duration() switch
        {
            var d when d >= TimeSpan.FromHours(1) => "more than an hour",
            var d when d >= TimeSpan.FromMinutes(1) => "more than a minute",
            _ => $"more than {most}",
        };
        return $"The Master's clock is {side} this operator's by {size}. A Master refuses agents whose clock differs so much (code 4020). One of the two clocks is wrong: check time synchronisation (NTP) on the Master first, then here.";
    }
}
