using System.Text;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Providers.Tests;

/// <summary>Builds requests as the operator does: resolve, write the attempt down, then ask.</summary>
internal static class Requests
{
    public const string Installation = "installation-1";

    public static MachineMarks Marks(string node, int attempt = 1, string installation = Installation) => new(installation, "pool-uid", node, attempt);

    public static string Token(string node, int attempt = 1) => $"token-{node}-{attempt}";

    public static MachineRequest Of(ProviderSettings settings, Offering offering, ResolvedOffering resolved, string node, int attempt = 1) => new()
    {
        Name = $"pool-{node}",
        Marks = Marks(node, attempt),
        Settings = settings,
        UserData = Encoding.UTF8.GetBytes($"#cloud-config\n# {Canary.Of("user-data")}\n"),
        Attempt = new CreateAttempt
        {
            Number = attempt,
            NodeUID = node,
            Token = Token(node, attempt),
            Zone = offering.Zone,
            Type = offering.Type,
            Image = resolved.Image,
            Resolved = resolved.Details,
            BootstrapRef = $"{node}-bootstrap",
            BootstrapHash = "hash",
            OpenedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        },
    };

    public static async Task<MachineRequest> ResolveAsync(IMachineDriver driver, ProviderSettings settings, Offering offering, string node, CancellationToken ct) =>
        Of(settings, offering, await driver.ResolveAsync(settings, offering, Core.Api.OperatingSystem.Ubuntu, 0, ct), node);
}
