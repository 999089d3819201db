using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Controllers.Orphans;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Orphans;
using Kontena.Operator.Resources;
using Kontena.Simulator;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging.Abstractions;
using LaunchFault = Kontena.Simulator.Faults.Fault;

namespace Kontena.Operator.Tests.Orphans;

/// <summary>
/// The whole operator against the simulated EC2. Two clocks: the cloud checks signatures, which the AWS runtime signs by the system's clock,
/// so its own may not run ahead by the many minutes that the operator waits.
/// </summary>
public sealed class LateMachineTests
{
    [Test]
    public async Task Run_LaunchIsCarriedOutButNeverAnsweredNorShownBeforeTheNodeIsGone_ItsMachineIsRemoved()
    {
        var cloudTime = new ManualTime(TimeProvider.System.GetUtcNow());
        var ec2 = new Ec2Options { InvisibleFor = TimeSpan.FromMinutes(1) };
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Time = cloudTime, Ec2 = ec2 }, NullLoggerFactory.Instance, CancellationToken.None);
        simulator.Ec2.Faults.Add(new LaunchFault { Kind = FaultKind.LostAnswer, Action = "RunInstances" });
        var time = new ManualTime();
        var api = new MemoryApi(time);
        var pool = await PrepareAsync(api, simulator.Address);
        await using var wiring = await Wiring.OfAsync(api, new OperatorSettings { LeaderElection = false }, new Surroundings(time, NullLoggerFactory.Instance), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var running = wiring.RunAsync(stop.Token);

        try
        {
            await PassAsync(time, () => simulator.Ec2.Instances.Count == 1, "the launch is carried out");
            var uid = api.PeekAll(KontenaKinds.KontenaNodes).Single().Metadata.Uid!;
            await ScaleToZeroAsync(api, pool);
            await PassAsync(time, () => api.PeekAll(KontenaKinds.KontenaNodes).Count == 0, "the node is settled and gone");
            Assert.That(simulator.Ec2.LivingInstances("kontena-node", uid), Has.Count.EqualTo(1), "its machine lives, unseen");
            var stone = TombstoneDocument.Read(api.PeekAll(CoreKinds.ConfigMap).Single(m => m.Metadata.Labels?.ContainsKey(ApiGroup.TombstoneLabel) == true))!;
            Assert.That((stone.Kind, stone.NodeUid, stone.Attempt), Is.EqualTo((TombstoneKind.Late, uid, 1)));

            cloudTime.Advance(TimeSpan.FromMinutes(1));
            await PassAsync(time, () => simulator.Ec2.LivingInstances("kontena-node", uid).Count == 0, "the late machine is removed");
            Assert.That(simulator.Ec2.Instances, Has.Count.EqualTo(1), "and none was made besides");
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    private static async Task<NodePool> PrepareAsync(MemoryApi api, Uri endpoint)
    {
        await api.CreateAsync(CoreKinds.Namespace, new Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new ObjectMeta { Name = "kube-system" } }, WriteOptions.Default, CancellationToken.None);
        await api.CreateAsync(CoreKinds.Secret, new Secret
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Metadata = new ObjectMeta { Namespace = "shop", Name = "aws" },
            Data = new Dictionary<string, byte[]>
            {
                ["accessKeyID"] = System.Text.Encoding.UTF8.GetBytes(Ec2Options.DemoAccessKeyId),
                ["secretAccessKey"] = System.Text.Encoding.UTF8.GetBytes(Ec2Options.DemoSecretAccessKey),
            },
        }, WriteOptions.Default, CancellationToken.None);
        var aws = new AwsSettings { Region = "eu-west-1", Zones = ["a"], InstanceTypes = ["t3.small"], Endpoint = endpoint.ToString(), CredentialsRef = new SecretRef { Name = "aws" } };
        return await api.CreateAsync(KontenaKinds.NodePools, new NodePool
        {
            ApiVersion = KontenaKinds.NodePools.ApiVersion,
            Kind = KontenaKinds.NodePools.Kind,
            Metadata = new ObjectMeta { Namespace = "shop", Name = "web" },
            Spec = new NodePoolSpec { Replicas = 1, Provider = new ProviderSpec { Aws = aws } },
        }, WriteOptions.Default, CancellationToken.None);
    }

    private static Task<NodePool> ScaleToZeroAsync(MemoryApi api, NodePool pool) =>
        api.PatchAsync(KontenaKinds.NodePools, pool.Metadata.Key, Patch.Merge(new System.Text.Json.Nodes.JsonObject { ["spec"] = new System.Text.Json.Nodes.JsonObject { ["replicas"] = 0 } }), WriteOptions.Default, CancellationToken.None);

    /// <summary>Lets the operator's clock run until something holds: a second for every few real milliseconds, so that calls are answered well within their deadlines.</summary>
    private static async Task PassAsync(ManualTime time, Func<bool> condition, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var end = time.GetUtcNow().AddMinutes(40);
        while (!condition())
        {
            if (time.GetUtcNow() > end) throw new TimeoutException($"Not within 40 minutes: {what}");
            time.Advance(TimeSpan.FromSeconds(1));
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
