using System.CommandLine;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Client.Config;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Commands;

/// <summary><c>run</c>: the operator against a Kubernetes API server, in a cluster or outside of it.</summary>
internal static class RunCommand
{
    private static readonly Option<string?> Kubeconfig = new("--kubeconfig") { Description = "Kubeconfig file. Left out: $KUBECONFIG, then the pod's service account, then ~/.kube/config." };
    private static readonly Option<string?> Context = new("--context") { Description = "Context of the kubeconfig; left out: its current one." };
    private static readonly Option<string> OwnNamespace = new("--namespace") { Description = "Where the operator keeps its lease and installation record.", DefaultValueFactory = _ => "kontena-system" };
    private static readonly Option<string?> WatchNamespace = new("--watch-namespace") { Description = "Serve the NodePools of this namespace only; left out: all." };
    private static readonly Option<bool> LeaderElection = new("--leader-elect") { Description = "Take a lease first, so that several replicas may run.", DefaultValueFactory = _ => true };
    private static readonly Option<System.Net.IPEndPoint> Listen = SharedOptions.Listen("127.0.0.1:8080");

    public static Command Build()
    {
        var command = new Command("run", "Run the operator against a Kubernetes API server.")
        {
            Kubeconfig, Context, OwnNamespace, WatchNamespace, LeaderElection, Listen, SharedOptions.ProviderPace, SharedOptions.LogFormat, SharedOptions.LogLevel,
        };
        ElectionOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        using var logs = OperatorLog.Create(parsed.GetValue(SharedOptions.LogFormat), parsed.GetValue(SharedOptions.LogLevel));
        var log = logs.CreateLogger("Operator");
        try
        {
            var access = KubeConfig.Load(KubeConfigSources.FromEnvironment(parsed.GetValue(Kubeconfig))).Resolve(parsed.GetValue(Context));
            using var client = new KubeClient(access, new KubeClientOptions(), TimeProvider.System, logs.CreateLogger<KubeClient>());
            var settings = ElectionOptions.Apply(new OperatorSettings
            {
                OwnNamespace = parsed.GetValue(OwnNamespace)!,
                WatchNamespace = parsed.GetValue(WatchNamespace),
                LeaderElection = parsed.GetValue(LeaderElection),
                ProviderPace = parsed.GetValue(SharedOptions.ProviderPace),
            }, parsed);
            await new OperatorHost(client, settings, parsed.GetValue(Listen)!, TimeProvider.System, logs).RunAsync(_ => { }, ct);
            return 0;
        }
        catch (KubeConfigFault fault)
        {
            log.LogError("{Problem}", fault.Message);
            return 2;
        }
        catch (LeadershipLost lost)
        {
            // A deposed leader must not linger with warm caches and old wishes: its container starts anew as a follower.
            log.LogError("{Problem}", lost.Message);
            return 3;
        }
    }
}
