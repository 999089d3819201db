namespace Kontena.Simulator.Machines.Docker;

/// <summary>A container as <c>docker run</c> was told to make it.</summary>
internal sealed record ContainerSpec
{
    public string? Name { get; init; }

    /// <summary>Without the tag: <c>kontena/agent</c>.</summary>
    public required string Repository { get; init; }

    public required string Tag { get; init; }

    /// <summary>What the process in it finds in its environment. Secret: it holds tokens.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public bool HostNetwork { get; init; }

    public bool Detached { get; init; }

    /// <summary><c>--rm</c>: its name is free again once it ended.</summary>
    public bool Removed { get; init; }

    /// <summary>It runs again whenever Docker starts, until it is removed (<c>--restart always</c>). Only containers that the agent makes have this: of scripts the flag is not simulated.</summary>
    public bool Restarted { get; init; }

    /// <summary>What follows the image. No secret: Docker shows it to everybody.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    public bool HasDockerSocket => Mounts.Any(m => m.Target is "/var/run/docker.sock" or "/run/docker.sock" && m.Source is "/var/run/docker.sock" or "/run/docker.sock");

    public override string ToString() => $"{Repository}:{Tag}";
}

internal sealed record Mount(string Source, string Target, bool ReadOnly);
