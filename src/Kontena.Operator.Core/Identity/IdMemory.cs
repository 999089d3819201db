namespace Kontena.Operator.Core.Identity;

/// <summary>
/// What must be remembered between two looks at the claims. Holds no more than there are claims, and of each a fixed number of its last
/// connections. Lost with the process: then verdicts that need more than one look come later.
/// </summary>
public sealed class IdMemory
{
    /// <summary>How far back connections count: 4041 comes within one keepalive (30 s), so a storm shows many times in it.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    internal const int MostMoves = 8;

    private readonly Dictionary<string, Trail> trails;
    private readonly Dictionary<(string Account, string Image), ImageIds> images;

    internal IdMemory(Dictionary<string, Trail> trails, Dictionary<(string, string), ImageIds> images) => (this.trails, this.images) = (trails, images);

    public static IdMemory Empty { get; } = new([], []);

    /// <summary>How many claimants, and images, are remembered.</summary>
    public (int Claimants, int Images) Size => (trails.Count, images.Count);

    internal Trail? Of(string key) => trails.GetValueOrDefault(key);

    internal ImageIds? Of(string account, string image) => images.TryGetValue((account, image), out var ids) ? ids : null;

    /// <summary>What is remembered of one claimant.</summary>
    /// <param name="First">The earliest moment at which it is known to have had its id.</param>
    /// <param name="Moves">Its last new connections, oldest first.</param>
    /// <param name="Verdict">The last one; null where there was nothing wrong.</param>
    /// <param name="IntruderAt">When its entry last showed the address of another machine of ours.</param>
    internal sealed record Trail(DateTimeOffset First, IReadOnlyList<Move> Moves, IdVerdict? Verdict, string? Intruder, DateTimeOffset? IntruderAt)
    {
        /// <summary>When another machine of ours last showed at its own entry.</summary>
        public DateTimeOffset? TakenAt { get; init; }
    }

    internal readonly record struct Move(DateTimeOffset SeenAt, DateTimeOffset? ConnectedAt, string? Address);

    /// <summary>Which ids machines made from one image had.</summary>
    /// <param name="Only">The one that was met first.</param>
    /// <param name="Several">True where two machines had different ones: then none is baked in.</param>
    internal readonly record struct ImageIds(EngineId Only, bool Several);
}
