using System.CommandLine;
using Kontena.Operator.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Commands;

/// <summary><c>standalone</c>: the same operator with an API server of its own in the process; no cluster needed.</summary>
internal static class StandaloneCommand
{
    private static readonly Option<int> Port = new("--port") { Description = "Port of the API server on 127.0.0.1; 0 takes a free one and keeps it." };
    private static readonly Option<System.Net.IPEndPoint> Listen = SharedOptions.Listen("127.0.0.1:8080");

    public static Command Build()
    {
        var command = new Command("standalone", "Run the operator with an embedded Kubernetes API server.")
        {
            SharedOptions.DataDirectory, Port, Listen, SharedOptions.ProviderPace, SharedOptions.LogFormat, SharedOptions.LogLevel,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        using var logs = OperatorLog.Create(parsed.GetValue(SharedOptions.LogFormat), parsed.GetValue(SharedOptions.LogLevel));
        try
        {
            await using var server = await EmbeddedServer.StartAsync(parsed.GetValue(SharedOptions.DataDirectory)!, parsed.GetValue(Port), logs, ct);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"API server: {server.Address}");
            await output.WriteLineAsync($"export KUBECONFIG={server.KubeconfigPath}");
            // The data folder's lock already keeps a second server, and so a second operator, away.
            var settings = new OperatorSettings { LeaderElection = false, ProviderPace = parsed.GetValue(SharedOptions.ProviderPace) };
            await new OperatorHost(server.Client, settings, parsed.GetValue(Listen)!, TimeProvider.System, logs).RunAsync(_ => { }, ct);
            return 0;
        }
        catch (IOException fault)
        {
            logs.CreateLogger("Standalone").LogError("{Problem}", fault.Message);
            return 2;
        }
    }
}
