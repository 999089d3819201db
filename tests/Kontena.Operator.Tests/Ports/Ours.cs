using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Resources;
using Kontena.Operator.Tests.Clouds;
using Kontena.Operator.Tests.Controllers;
using Kontena.Operator.Tests.Grids;

namespace Kontena.Operator.Tests.Ports;

/// <summary>Pools, Grids, nodes and machines as tests of ports need them.</summary>
internal static class Ours
{
    public const string Scope = "eu-west-1";

    public static FirewallAccount Account(string? secret = null, string scope = Scope) => new("aws", scope, secret);

    /// <summary>Held, and with port 80 open to everybody.</summary>
    public static NodePool Pool(string name = "web", string? grid = null, string? secret = null, string? held = null, bool managed = true, string region = Scope)
    {
        var bare = Samples.Pool(name, Samples.Aws(secret, region));
        return bare with
        {
            Metadata = bare.Metadata with { Finalizers = [ApiGroup.PoolFinalizer], Annotations = Held(held) },
            Spec = bare.Spec with
            {
                GridRef = grid is null ? null : new GridRef { Name = grid },
                Network = new NetworkSpec { Ports = [new PortSpec { Name = "http", Port = "80", Sources = ["0.0.0.0/0"] }], Firewall = managed ? null : new FirewallSpec { Managed = false } },
            },
        };
    }

    public static Grid Grid(string name = "prod", string? held = null) => new()
    {
        ApiVersion = KontenaKinds.Grids.ApiVersion,
        Kind = KontenaKinds.Grids.Kind,
        Metadata = new ObjectMeta { Namespace = Samples.Namespace, Name = name, Finalizers = [ApiGroup.GridFinalizer], Annotations = Held(held) },
        Spec = new GridSpec { Master = new MasterSpec { Url = "https://master.example.com", TokenRef = new TokenRef { Name = "master" } } },
    };

    public static Secret AccessToken() => new()
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new ObjectMeta { Namespace = Samples.Namespace, Name = "master" },
        Data = new Dictionary<string, byte[]> { ["token"] = System.Text.Encoding.UTF8.GetBytes(MasterStand.AccessToken) },
    };

    public static KontenaNode Node(NodePool pool, string name, string? machine = null)
    {
        var bare = Samples.Node(name);
        return bare with
        {
            Metadata = bare.Metadata with { OwnerReferences = [new OwnerReference { ApiVersion = pool.ApiVersion!, Kind = pool.Kind!, Name = pool.Metadata.Name!, Uid = pool.Metadata.Uid! }] },
            Spec = bare.Spec with
            {
                PoolName = pool.Metadata.Name!,
                PoolUID = pool.Metadata.Uid!,
                Provider = pool.Spec.Provider,
                GridRef = pool.Spec.GridRef,
                KontenaName = pool.Spec.GridRef is null ? null : name,
                ProviderID = machine,
            },
        };
    }

    public static Machine Machine(KontenaNode node, string id, params string[] firewalls) => new()
    {
        ProviderId = id,
        State = MachineState.Running,
        Marks = new MachineMarks(PortsStand.Inst, node.Spec.PoolUID, node.Metadata.Uid!, 1),
        Network = FakeFirewalls.Vpc,
        Addresses = ["10.0.0.1"],
        Firewalls = firewalls,
    };

    private static Dictionary<string, string>? Held(string? secret) => secret is null ? null : new() { [ApiGroup.HeldSecretsAnnotation] = secret };
}
