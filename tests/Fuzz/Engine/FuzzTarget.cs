namespace Kontena.Fuzz.Engine;

/// <summary>Code that reads what others wrote, with the promises that it makes for any input at all.</summary>
internal abstract class FuzzTarget : IAsyncDisposable
{
    /// <summary>Bytes that any input may cost: what is set up anew for each.</summary>
    private const long BaseCost = 32L << 20;

    /// <summary>The folder of its corpus.</summary>
    public abstract string Name { get; }

    /// <summary>Words of the format, which blind changes would hardly hit.</summary>
    public virtual IReadOnlyList<string> Words => [];

    /// <summary>Most bytes that may be allocated in all for an input: in proportion to its length, whatever it says.</summary>
    public virtual long MostAllocated(int length) => BaseCost + 4000L * length;

    /// <summary>Another input, made from those of the corpus.</summary>
    public virtual byte[] Next(Random random, IReadOnlyList<byte[]> corpus) => new Mutator(random, Words).Mutate(corpus);

    /// <summary>Any exception is a finding: the documented ones are caught in here.</summary>
    public abstract Task CheckAsync(byte[] input);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
