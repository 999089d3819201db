namespace Kontena.Operator.Core.Bootstrap;

/// <summary>A file that a machine is given. Its content may be secret, so it prints as its path alone.</summary>
internal sealed record MachineFile(string Path, FileRights Rights, string Content)
{
    public override string ToString() => Path;
}

/// <summary>Who may read a file of root's.</summary>
internal enum FileRights
{
    Root,
    Everyone,
    EveryoneRuns,
}
