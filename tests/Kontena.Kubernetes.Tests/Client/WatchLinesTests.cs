using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Kubernetes.Client.Watching;

namespace Kontena.Kubernetes.Tests.Client;

public sealed class WatchLinesTests
{
    /// <summary>However the network cuts a stream into reads, the same lines come out.</summary>
    [Test]
    public void Lines_CutIntoAnyReads_AreTheSame()
    {
        var texts = Gen.Elements("", "a", "{\"type\":\"ADDED\"}", "üß€", " \t", new string('x', 300)).ListOf();
        var sizes = Gen.Choose(1, 40).NonEmptyListOf();
        Prop.ForAll(texts.ToArbitrary(), sizes.ToArbitrary(), (lines, reads) =>
        {
            var expected = lines.Where(l => l.Trim().Length > 0).ToArray();
            var actual = ReadAsync(string.Concat(lines.Select(l => l + "\n")) + "half a line", [.. reads]).GetAwaiter().GetResult();
            return actual.SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
    }

    private static async Task<List<string>> ReadAsync(string text, int[] reads)
    {
        List<string> seen = [];
        await using var lines = new WatchLines(new ChoppyStream(Encoding.UTF8.GetBytes(text), reads), 1000);
        while (await lines.ReadAsync(CancellationToken.None))
            while (lines.TryNext(out var line))
                seen.Add(Encoding.UTF8.GetString(line));
        return seen;
    }

    private sealed class ChoppyStream(byte[] bytes, int[] reads) : MemoryStream(bytes)
    {
        private int turn;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, reads[turn++ % reads.Length])], cancellationToken);
    }
}
