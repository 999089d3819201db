namespace Kontena.Simulator.Ec2;

/// <summary>An instance type: what DescribeInstanceTypes tells of it, and what quotas count.</summary>
public sealed record MachineType(string Name, int Vcpus, int MemoryMiB, string Architecture = "x86_64", bool Burstable = false)
{
    /// <summary>General-purpose, compute and memory families of two vendors and both architectures; sizes as published.</summary>
    public static IReadOnlyList<MachineType> Defaults { get; } =
    [
        // RunInstances without a type takes this one.
        new("m1.small", 1, 1740),
        .. Bursting("t2", "x86_64", 1, 1, 1, 2, 2), .. Bursting("t3", "x86_64", 2, 2, 2, 2, 2), .. Bursting("t3a", "x86_64", 2, 2, 2, 2, 2),
        .. Bursting("t4g", "arm64", 2, 2, 2, 2, 2),
        .. Family("m5", "x86_64", 4), .. Family("m6i", "x86_64", 4), .. Family("m6a", "x86_64", 4), .. Family("m7i", "x86_64", 4),
        .. Family("m6g", "arm64", 4), .. Family("m7g", "arm64", 4),
        .. Family("c5", "x86_64", 2), .. Family("c6i", "x86_64", 2), .. Family("c7i", "x86_64", 2),
        .. Family("c6g", "arm64", 2), .. Family("c7g", "arm64", 2),
        .. Family("r5", "x86_64", 8), .. Family("r6i", "x86_64", 8), .. Family("r6g", "arm64", 8),
    ];

    private static IEnumerable<MachineType> Bursting(string family, string architecture, int nano, int micro, int small, int medium, int large) =>
    [
        new($"{family}.nano", nano, 512, architecture, true), new($"{family}.micro", micro, 1024, architecture, true),
        new($"{family}.small", small, 2048, architecture, true), new($"{family}.medium", medium, 4096, architecture, true),
        new($"{family}.large", large, 8192, architecture, true), new($"{family}.xlarge", 4, 16384, architecture, true),
        new($"{family}.2xlarge", 8, 32768, architecture, true),
    ];

    private static IEnumerable<MachineType> Family(string family, string architecture, int gibPerVcpu) =>
        new[] { ("large", 2), ("xlarge", 4), ("2xlarge", 8), ("4xlarge", 16) }
            .Select(size => new MachineType($"{family}.{size.Item1}", size.Item2, size.Item2 * gibPerVcpu * 1024, architecture));
}
