using System.Globalization;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Resources;

namespace Kontena.EndToEnd.Soak;

/// <summary>Nodes as large as those that the operator writes.</summary>
internal static class SoakNodes
{
    private static readonly DateTimeOffset noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static KontenaNode New(string ns, int ordinal)
    {
        var attempt = $"attempt-{ordinal.ToString("D6", CultureInfo.InvariantCulture)}";
        return new KontenaNode
        {
            ApiVersion = KontenaKinds.KontenaNodes.ApiVersion,
            Kind = KontenaKinds.KontenaNodes.Kind,
            Metadata = new ObjectMeta { Namespace = ns, Name = NameOf(ordinal), Labels = new Dictionary<string, string> { [ApiGroup.PoolLabel] = "soak" } },
            Spec = new KontenaNodeSpec
            {
                PoolName = "soak",
                PoolUID = "0d2c8f0e-5b1f-4e0a-9a53-6f1c1f6a2b11",
                Revision = "0123456789",
                Ordinal = ordinal,
                Zone = "a",
                Provider = new ProviderSpec { Aws = new AwsSettings { Region = "eu-west-1", Zones = ["a", "b", "c"], InstanceTypes = ["t3.small", "t3a.small"] } },
                Attempt = new CreateAttempt
                {
                    Number = 1,
                    NodeUID = attempt,
                    Token = attempt,
                    Zone = "eu-west-1a",
                    Type = "t3.small",
                    Image = "ami-0123456789abcdef0",
                    BootstrapRef = attempt,
                    BootstrapHash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    OpenedAt = noon,
                },
                ProviderID = $"aws:///eu-west-1a/i-{ordinal:x17}",
            },
        };
    }

    public static string NameOf(int ordinal) => $"soak-{ordinal.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A status patch as long as any other: it says that the machine runs, and which change this is.</summary>
    public static JsonObject Status(long change)
    {
        var number = change.ToString("D9", CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["observedGeneration"] = 1,
                ["addresses"] = new JsonArray("10.0.0.4", "203.0.113.7"),
                ["zone"] = "eu-west-1a",
                ["machineState"] = "Running",
                ["conditions"] = new JsonArray([.. new[] { "Ready", "MachineReady" }.Select(type => (JsonNode)new JsonObject
                {
                    ["type"] = type,
                    ["status"] = "True",
                    ["reason"] = "Running",
                    ["message"] = $"The machine runs; this is change {number}.",
                    ["lastTransitionTime"] = "2026-01-01T12:00:00Z",
                    ["observedGeneration"] = 1,
                })]),
            },
        };
    }
}
