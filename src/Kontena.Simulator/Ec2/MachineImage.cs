namespace Kontena.Simulator.Ec2;

/// <summary>A public image, present in every region under an id of that region.</summary>
/// <param name="OwnerId">The publisher's account.</param>
/// <param name="Architecture"><c>x86_64</c> or <c>arm64</c>.</param>
/// <param name="RootGiB">Size of its root snapshot: the least root volume.</param>
public sealed record MachineImage(
    string Name, string OwnerId, string Architecture, string RootDevice, int RootGiB, DateTimeOffset Created, string Description)
{
    /// <summary>The account that publishes <see cref="Cloned"/> images.</summary>
    public const string ClonersAccount = "123456789012";

    /// <summary>One of each operating system and architecture that the operator knows, an older one to tell "newest" from "first", and one of the careless kind, <see cref="Cloned"/>.</summary>
    public static IReadOnlyList<MachineImage> Defaults { get; } =
    [
        Flatcar("4152.2.3", "x86_64", "amd64", 2025, 4), Flatcar("4230.2.3", "x86_64", "amd64", 2025, 9),
        Flatcar("4230.2.3", "arm64", "arm64", 2025, 9),
        Ubuntu("amd64", "x86_64", "20250603", 6), Ubuntu("amd64", "x86_64", "20250908", 9), Ubuntu("arm64", "arm64", "20250908", 9),
        Debian("amd64", "x86_64"), Debian("arm64", "arm64"), Cloned(),
    ];

    /// <summary>
    /// An image that somebody made of a running Ubuntu machine, with Docker installed and started: all its machines have one machine id and one Docker Engine ID, unless
    /// <see cref="Machines.MachineOptions.Images"/> says otherwise for <c>cloned/*</c>.
    /// </summary>
    /// <param name="name">What follows <c>cloned/</c>.</param>
    public static MachineImage Cloned(string name = "ubuntu-noble-24.04-amd64-docker") => new(
        $"cloned/{name}", ClonersAccount, "x86_64", "/dev/sda1", 8, On(2025, 10), "Made from a running machine: its clones share their identities");

    private static MachineImage Flatcar(string version, string architecture, string suffix, int year, int month) => new(
        suffix == "arm64" ? $"Flatcar-stable-{version}-arm64-hvm" : $"Flatcar-stable-{version}-hvm", "075585003325", architecture,
        "/dev/xvda", 9, On(year, month), $"Flatcar Container Linux stable {version} {suffix} (HVM)");

    private static MachineImage Ubuntu(string suffix, string architecture, string build, int month) => new(
        $"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-{suffix}-server-{build}", "099720109477", architecture,
        "/dev/sda1", 8, On(2025, month), $"Canonical, Ubuntu, 24.04, {suffix} noble image");

    private static MachineImage Debian(string suffix, string architecture) => new(
        $"debian-12-{suffix}-20250814-2204", "136693071363", architecture, "/dev/xvda", 8, On(2025, 8), $"Debian 12 ({suffix})");

    private static DateTimeOffset On(int year, int month) => new(year, month, 8, 12, 0, 0, TimeSpan.Zero);
}
