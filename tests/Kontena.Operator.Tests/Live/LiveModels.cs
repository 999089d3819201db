using Kontena.Operator.Commands.Live;

namespace Kontena.Operator.Tests.Live;

/// <summary>Pictures that the tests show.</summary>
internal static class LiveModels
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 3, TimeSpan.Zero);

    public static readonly LivePool Web = new("web", "aws", 3, 3, 2, LiveProgress.InProgress, "Booting", "2 of 3 nodes are ready (1 Booting).");

    public static readonly LivePool Cache = new("cache", "vagrant", 1, 1, 1, LiveProgress.Current, "AllReady", "All 1 nodes are ready.");

    public static readonly LivePool Batch = new("batch", "digitalocean", 5, 4, 2, LiveProgress.Stalled, "CredentialsRefused",
        "DigitalOcean refused the token in Secret digitalocean (401 Unable to authenticate you). Put a token with read and write scope into key token; the operator tries again when the Secret changes.");

    public static LiveModel Busy { get; } = new()
    {
        Pools = [Web, Batch, Cache],
        Nodes =
        [
            new LiveNode("web-0", "eu-west-1a", "t3.small", LiveProgress.Current, "Ready", Now.AddMinutes(-15), "10.0.0.10"),
            new LiveNode("web-1", "eu-west-1b", "t3.small", LiveProgress.Current, "Ready", Now.AddSeconds(-130), "10.0.1.10"),
            new LiveNode("web-2", "eu-west-1c", "t3a.small", LiveProgress.InProgress, "Booting", Now.AddSeconds(-7), ""),
            new LiveNode("batch-0", "fra1", "s-2vcpu-4gb", LiveProgress.Stalled, "CredentialsRefused", Now.AddHours(-30), "178.62.10.1"),
            new LiveNode("cache-0", "", "", LiveProgress.Current, "Ready", Now.AddDays(-4), "192.168.56.10"),
        ],
        Happenings =
        [
            new LiveHappening(Now.AddSeconds(-7), "web-2", "Creating a t3a.small in eu-west-1c."),
            new LiveHappening(Now.AddSeconds(-2), "batch", "The provider refused\nour [red]credentials[/]."),
        ],
    };

    /// <summary>More than any screen holds.</summary>
    public static LiveModel Crowd(int pools, int nodes) => new()
    {
        Pools = Enumerable.Range(0, pools).Select(i => (i % 3) switch { 0 => Web, 1 => Batch, _ => Cache } with { Name = $"pool-{i}" }).ToList(),
        Nodes = Enumerable.Range(0, nodes).Select(i => Busy.Nodes[i % 5] with { Name = $"node-{i}" }).ToList(),
        Happenings = Busy.Happenings,
    };
}
