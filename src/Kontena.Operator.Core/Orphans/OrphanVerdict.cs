using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Orphans;

/// <summary>What a sweep makes of one machine. Reason and message are used alike in the log, the Event and the metric.</summary>
/// <param name="Reason">One word for programs.</param>
public abstract record OrphanVerdict(Machine Machine, string Reason)
{
    public sealed record Ignore(Machine Machine, string Reason) : OrphanVerdict(Machine, Reason);

    /// <summary>People are told; nothing is done.</summary>
    public sealed record Report(Machine Machine, string Reason, string Message) : OrphanVerdict(Machine, Reason);

    /// <summary>A proven twin: write the verdict down as a tombstone. Only a later sweep, which reads it, may remove the machine.</summary>
    public sealed record Condemn(Machine Machine, string Message) : OrphanVerdict(Machine, "Twin");

    /// <summary>Look at the machine once more, past every cache, then ask for its termination.</summary>
    public sealed record Remove(Machine Machine, Tombstone Because, string Reason, string Message) : OrphanVerdict(Machine, Reason);
}
