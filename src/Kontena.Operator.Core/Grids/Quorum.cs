namespace Kontena.Operator.Core.Grids;

/// <summary>
/// How the initial members (etcd) of a grid are. Members are the entries with a number up to the grid's initial size; those that never joined count as not
/// there yet. The rule is that of Kontena's own command line: fewer connected than floor(n/2)+1 is an error, fewer than n a warning
/// (kontena cli/lib/kontena/cli/grids/health_command.rb).
/// </summary>
/// <param name="Size">How many the grid was made for.</param>
/// <param name="Joined">How many have ever joined and still have their entry.</param>
/// <param name="Healthy">How many are connected, and not known to have a sick etcd.</param>
public sealed record Quorum(int Size, int Joined, int Healthy)
{
    public int Majority => QuorumRule.Majority(Size);

    public QuorumState State => (Healthy, Joined) switch
    {
        _ when Healthy >= Size => QuorumState.Healthy,
        _ when Joined < Majority => QuorumState.NotFormed,
        _ when Healthy < Majority => QuorumState.Lost,
        _ when Healthy == Joined => QuorumState.NotFormed,
        _ => QuorumState.Degraded,
    };

    public static Quorum Of(int size, IEnumerable<MasterNode> nodes, IReadOnlyDictionary<string, NodeHealth> health)
    {
        var joined = nodes.Where(n => n is { InitialMember: true, NeverJoined: false }).ToList();
        return new Quorum(size, joined.Count, joined.Count(n => IsHealthy(n, health) != false));
    }

    /// <summary>Null where it is connected and its etcd has not been asked, or could not be.</summary>
    public static bool? IsHealthy(MasterNode member, IReadOnlyDictionary<string, NodeHealth> health) =>
        !member.Connected ? false : health.GetValueOrDefault(member.Name)?.EtcdHealthy;
}

/// <summary>In words.</summary>
public enum QuorumState
{
    /// <summary>Fewer initial members have joined than the grid was made for, and none of these is away.</summary>
    NotFormed,

    Healthy,

    /// <summary>A majority works, and not all.</summary>
    Degraded,

    /// <summary>No majority: etcd takes no writes, and the grid cannot be changed.</summary>
    Lost,
}
