namespace Kontena.Operator.Core.Machines;

/// <summary>
/// The ownership marks that every machine carries from its create call on. They prove what to look at, not what to delete:
/// "launch more like this" copies tags.
/// </summary>
/// <param name="Installation">Random id of this operator's installation.</param>
/// <param name="PoolUid">UID of the NodePool.</param>
/// <param name="NodeUid">UID of the KontenaNode.</param>
/// <param name="Attempt">Number of the attempt that made it, from 1.</param>
public sealed record MachineMarks(string Installation, string PoolUid, string NodeUid, int Attempt)
{
    /// <summary>True where both name the same pool, node and attempt, whichever installation says so: UIDs are never used twice.</summary>
    public bool NameTheSameLaunch(MachineMarks other) => PoolUid == other.PoolUid && NodeUid == other.NodeUid && Attempt == other.Attempt;
}
