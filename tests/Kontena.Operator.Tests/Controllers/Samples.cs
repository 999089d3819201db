using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Controllers;

/// <summary>Objects as the API server hands them out.</summary>
internal static class Samples
{
    public const string Namespace = "prod";

    public static AwsSettings Aws(string? secret = "aws", string region = "eu-west-1") => new()
    {
        Region = region,
        Zones = ["a"],
        InstanceTypes = ["t3.small"],
        CredentialsRef = secret is null ? null : new SecretRef { Name = secret },
    };

    public static NodePool Pool(string name, AwsSettings? aws = null) => new()
    {
        ApiVersion = KontenaKinds.NodePools.ApiVersion,
        Kind = KontenaKinds.NodePools.Kind,
        Metadata = new ObjectMeta { Namespace = Namespace, Name = name },
        Spec = new NodePoolSpec { Replicas = 1, Provider = new ProviderSpec { Aws = aws ?? Aws() } },
    };

    public static KontenaNode Node(string name, AwsSettings? aws = null) => new()
    {
        ApiVersion = KontenaKinds.KontenaNodes.ApiVersion,
        Kind = KontenaKinds.KontenaNodes.Kind,
        Metadata = new ObjectMeta { Namespace = Namespace, Name = name, Finalizers = [ApiGroup.NodeFinalizer] },
        Spec = NodeSpec(aws),
    };

    public static KontenaNodeSpec NodeSpec(AwsSettings? aws = null, int attempt = 0) => new()
    {
        PoolName = "web",
        PoolUID = "pool-uid",
        Revision = "0123456789",
        Ordinal = 0,
        Provider = new ProviderSpec { Aws = aws ?? Aws() },
        Attempt = attempt == 0 ? null : new CreateAttempt
        {
            Number = attempt,
            NodeUID = "node-uid",
            Token = Token.Of("node-uid", attempt),
            Type = "t3.small",
            Image = "ami-1",
            BootstrapRef = "boot",
            BootstrapHash = "hash",
            OpenedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        },
    };

    public static Secret Credentials(string name = "aws") => new()
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new ObjectMeta { Namespace = Namespace, Name = name, Finalizers = [ApiGroup.InUseFinalizer] },
        Data = new Dictionary<string, byte[]> { ["accessKeyID"] = "AKIA"u8.ToArray(), ["secretAccessKey"] = Canary.Bytes("secret-key") },
    };
}
