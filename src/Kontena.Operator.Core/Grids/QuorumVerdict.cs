namespace Kontena.Operator.Core.Grids;

/// <summary>What it means for the grid's etcd when one node goes.</summary>
public abstract record QuorumVerdict
{
    private QuorumVerdict() { }

    /// <summary>It means nothing: no slot is needed.</summary>
    public sealed record Free : QuorumVerdict;

    /// <summary>A healthy majority stays; it goes while holding the slot.</summary>
    public sealed record Safe : QuorumVerdict;

    /// <summary>Members are on their way that would make a majority.</summary>
    public sealed record NotYet(string Message) : QuorumVerdict;

    /// <summary>No majority would stay, and none is on its way.</summary>
    public sealed record AtRisk(string Message) : QuorumVerdict;
}
