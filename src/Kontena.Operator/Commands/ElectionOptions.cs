using System.CommandLine;
using System.CommandLine.Parsing;

namespace Kontena.Operator.Commands;

/// <summary>The times of leader election, under the names that kube-controller-manager gives them.</summary>
internal static class ElectionOptions
{
    private static readonly OperatorSettings standard = new();

    private static readonly Option<Duration> leaseDuration = Build(
        "--leader-elect-lease-duration", "How long standbys wait after the last renewal that they saw; whole seconds.", standard.LeaseDuration);

    private static readonly Option<Duration> renewDeadline = Build(
        "--leader-elect-renew-deadline", "A leader that could not renew its lease for this long ends; shorter than the lease duration.", standard.RenewDeadline);

    private static readonly Option<Duration> retryPeriod = Build(
        "--leader-elect-retry-period", "Between two renewals, and between two tries to take the lease.", standard.RetryPeriod);

    /// <summary>Gives a command the options, and the check that they leave room for each other.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in new[] { leaseDuration, renewDeadline, retryPeriod }) command.Options.Add(option);
        command.Validators.Add(Validate);
    }

    public static OperatorSettings Apply(OperatorSettings settings, ParseResult parsed) => settings with
    {
        LeaseDuration = parsed.GetValue(leaseDuration).Length,
        RenewDeadline = parsed.GetValue(renewDeadline).Length,
        RetryPeriod = parsed.GetValue(retryPeriod).Length,
    };

    private static void Validate(CommandResult result)
    {
        try
        {
            new OperatorSettings
            {
                LeaseDuration = Given(result, leaseDuration) ?? standard.LeaseDuration,
                RenewDeadline = Given(result, renewDeadline) ?? standard.RenewDeadline,
                RetryPeriod = Given(result, retryPeriod) ?? standard.RetryPeriod,
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

    /// <summary>Defaults are filled in only after the command's validators ran.</summary>
    private static TimeSpan? Given(CommandResult result, Option<Duration> option) => result.GetResult(option) is null ? null : result.GetValue(option).Length;

    private static Option<Duration> Build(string name, string description, TimeSpan value) => new(name)
    {
        Description = description,
        HelpName = "duration",
        DefaultValueFactory = _ => new Duration(value),
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (Duration.Parse(text) is { } time) return time;
            result.AddError($"'{text}' is no duration for {name}: write a number with its unit, such as 500ms, 15s or 1m.");
            return default;
        },
    };
}
