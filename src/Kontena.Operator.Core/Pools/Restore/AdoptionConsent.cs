namespace Kontena.Operator.Core.Pools.Restore;

/// <summary>What a human decided about machines that lost their nodes, as the annotation <c>kontena.io/adopt</c> says it.</summary>
internal abstract record AdoptionConsent
{
    private const string DeclinedPrefix = "none-";

    private AdoptionConsent() { }

    /// <summary>Nothing yet; or a refusal that was meant for another pool object, of which this one is a copy.</summary>
    public sealed record Open : AdoptionConsent;

    /// <summary>Go on without them.</summary>
    public sealed record Declined : AdoptionConsent;

    /// <param name="PoolUid">Take over what the pool of this UID had.</param>
    public sealed record Adopt(string PoolUid) : AdoptionConsent;

    /// <summary>A bare "none" would be carried over by the next restore, and let that one make a second machine for each.</summary>
    public static string DeclinedBy(string poolUid) => DeclinedPrefix + poolUid;

    public static AdoptionConsent Of(PoolSeen pool) => pool.Adopt switch
    {
        null or "" => new Open(),
        { } text when text == DeclinedBy(pool.Uid) => new Declined(),
        { } text when text.StartsWith(DeclinedPrefix, StringComparison.Ordinal) => new Open(),
        { } text => new Adopt(text),
    };
}
