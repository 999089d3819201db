using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Kontena.Kubernetes.Runtime;

namespace Kontena.Operator.Commands;

/// <summary>The times of leader election, under the names and in the form that kube-controller-manager gives them.</summary>
internal static partial class ElectionOptions
{
    private static readonly LeaderElectionOptions standard = new OperatorSettings().Election;

    public static Option<TimeSpan> LeaseDuration { get; } = Build(
        "--leader-elect-lease-duration", "How long standbys wait after the last renewal that they saw, in whole seconds.", standard.LeaseDuration);

    public static Option<TimeSpan> RenewDeadline { get; } = Build(
        "--leader-elect-renew-deadline", "A leader that could not renew its lease for this long ends; shorter than the lease duration.", standard.RenewDeadline);

    public static Option<TimeSpan> RetryPeriod { get; } = Build(
        "--leader-elect-retry-period", "Between two renewals, and between two tries to take the lease.", standard.RetryPeriod);

    /// <summary>A validator for a command that has all three: they must leave room for each other.</summary>
    public static void Validate(CommandResult result)
    {
        try
        {
            new OperatorSettings
            {
                LeaseDuration = result.GetValue(LeaseDuration),
                RenewDeadline = result.GetValue(RenewDeadline),
                RetryPeriod = result.GetValue(RetryPeriod),
            }.Election.Validated();
        }
        catch (ArgumentException fault)
        {
            result.AddError(fault.Message);
        }
        catch (InvalidOperationException)
        {
            // One of them could not be read, and says so itself.
        }
    }

    private static Option<TimeSpan> Build(string name, string description, TimeSpan value) => new(name)
    {
        Description = description,
        HelpName = "15s",
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (Parse(text) is { } time) return time;
            result.AddError($"'{text}' is no duration for {name}: write a number with its unit, such as 500ms, 15s or 1m.");
            return default;
        },
    };

    /// <returns>Null for what is no duration, or longer than a day.</returns>
    internal static TimeSpan? Parse(string text)
    {
        var match = Duration().Match(text);
        if (!match.Success || !double.TryParse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        var seconds = number * match.Groups["unit"].ValueSpan switch { "ms" => 0.001, "s" => 1, "m" => 60, _ => 3600 };
        return seconds <= TimeSpan.FromDays(1).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    [GeneratedRegex(@"^(?<number>[0-9]{1,9}(\.[0-9]{1,9})?)(?<unit>ms|s|m|h)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
