using System.CommandLine;
using System.Net;
using Kontena.Operator.Hosting.Health;
using Kontena.Operator.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Option<LogFormat> LogFormat { get; } = new("--log-format")
    {
        Description = "How log lines on standard error look.",
        DefaultValueFactory = _ => Hosting.Logging.LogFormat.Text,
    };

    public static Option<LogLevel> LogLevel { get; } = new("--log-level")
    {
        Description = "The least severe log line that is written.",
        DefaultValueFactory = _ => Microsoft.Extensions.Logging.LogLevel.Information,
    };

    /// <summary>Where /healthz, /readyz and /metrics are served.</summary>
    public static Option<IPEndPoint> Listen(string standard) => new("--listen")
    {
        Description = "Address for /healthz, /readyz and /metrics, as host:port; port 0 takes a free one.",
        DefaultValueFactory = _ => Parse(standard)!,
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (Parse(text) is { } endPoint) return endPoint;
            result.AddError($"'{text}' is not an address: write host:port, such as 127.0.0.1:8080 or :8080.");
            return null;
        },
    };

    public static Option<double> ProviderPace { get; } = PaceOption();

    public static Option<string> DataDirectory { get; } = new("--data")
    {
        Description = "Folder of the embedded API server's database, keys and kubeconfig.",
        DefaultValueFactory = _ => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "kontena-operator"),
    };

    private static Option<double> PaceOption()
    {
        var option = new Option<double>("--provider-pace")
        {
            Description = "How fast providers are called, as a multiple of their published limits: 0.5 where the account is shared with others, more where its limits were raised.",
            DefaultValueFactory = _ => 1,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.01 and <= 100_000)) result.AddError("--provider-pace is a number from 0.01 to 100000.");
        });
        return option;
    }

    private static IPEndPoint? Parse(string text) => HealthOptions.TryParseListen(text, out var endPoint) ? endPoint : null;
}
