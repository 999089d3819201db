using System.Text;
using Kontena.Fuzz.Engine;
using Kontena.Kubernetes.Schema;
using Kontena.Operator.Commands;

namespace Kontena.Fuzz.Targets;

/// <summary>Manifests as <c>validate</c> reads them: a list of problems, or a <see cref="FormatException"/>.</summary>
internal sealed class ManifestTarget : FuzzTarget
{
    public override string Name => "manifest";

    public override IReadOnlyList<string> Words => YamlWords;

    internal static readonly string[] YamlWords =
    [
        "apiVersion: kontena.io/v1alpha1\n", "kind: NodePool\n", "metadata:\n  name: web\n", "spec:\n", "  replicas: ", "  provider:\n", "    aws:\n", "region: eu-west-1",
        "zones: [a, b]", "instanceTypes: [t3.small]", "&a ", "*a", "<<: *a\n", "!!str ", "!!binary ", "|\n", ">-\n", "---\n", "...\n", "? ", "- ", "  ", "\n", "\t", "{", "}",
        "[", "]", "\"\\0\"", "\"1\": a\n", "1: a\n", "maxSurge: 25%", "maxUnavailable: ", "0x7fffffffffffffff", "1e400", ".inf", "99999999999999999999", "network:\n", "ports:\n",
        "sources: [\"0.0.0.0/0\"]", "userData:\n", "strategy: {type: RollingUpdate}", "drainTimeout: 10m", "#", "%YAML 1.1\n", "%TAG ! a\n",
    ];

    public override Task CheckAsync(byte[] input)
    {
        using var reader = new StreamReader(new MemoryStream(input), Encoding.UTF8);
        try
        {
            foreach (var document in YamlDocuments.Read(reader.ReadToEnd())) _ = ManifestCheck.Problems(document).ToList();
        }
        catch (FormatException)
        {
            // Not YAML, or not what JSON can say: the message is for the user.
        }
        return Task.CompletedTask;
    }
}
