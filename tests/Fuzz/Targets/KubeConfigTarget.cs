using System.Text;
using Kontena.Fuzz.Engine;
using Kontena.Kubernetes.Client.Config;

namespace Kontena.Fuzz.Targets;

/// <summary>Reading a kubeconfig: a configuration or a <see cref="KubeConfigFault"/>, and never the token in the fault.</summary>
internal sealed class KubeConfigTarget : FuzzTarget
{
    private const string Secret = "canary-of-a-secret";

    public override string Name => "kubeconfig";

    public override IReadOnlyList<string> Words { get; } =
    [
        "apiVersion: v1\n", "kind: Config\n", "clusters:\n", "users:\n", "contexts:\n", "current-context: ", "name: ", "cluster:", "user:", "context:",
        "server: https://127.0.0.1:6443", "proxy-url: ", "exec:", "command: ./a", "args: []", "env:\n", "interactiveMode: Never", "as-groups: [a]", "tokenFile: \"a\\0b\"",
        "extensions:\n", "certificate-authority: ca.crt", "client-key-data: AAAA", "- &a", "*a", "!!str ", "? ", "{", "}", "- ", "  ", "\n", "---\n", "|\n",
    ];

    public override Task CheckAsync(byte[] input)
    {
        // As File.ReadAllText would.
        using var reader = new StreamReader(new MemoryStream(input), Encoding.UTF8);
        try
        {
            var config = KubeConfig.Parse(reader.ReadToEnd(), "/etc/kontena/config");
            foreach (var context in config.Contexts) Resolve(config, context.Name);
            Resolve(config, null);
        }
        catch (KubeConfigFault fault)
        {
            Check(fault, input);
        }
        return Task.CompletedTask;

        void Resolve(KubeConfig config, string? name)
        {
            try
            {
                var access = config.Resolve(name);
                if (!access.Server.IsAbsoluteUri || access.Server.Scheme is not ("http" or "https")) throw new PromiseBroken("server is no URL");
            }
            catch (KubeConfigFault fault)
            {
                Check(fault, input);
            }
        }
    }

    /// <summary>Only where the secret stands at its own place: as a name, it is one.</summary>
    private static void Check(KubeConfigFault fault, byte[] input)
    {
        if (!fault.ToString().Contains(Secret, StringComparison.Ordinal)) return;
        var text = Encoding.UTF8.GetString(input);
        if (!text.Replace($"token: {Secret}", "", StringComparison.Ordinal).Contains(Secret, StringComparison.Ordinal)) throw new PromiseBroken("a fault tells the token");
    }
}
