using System.Globalization;
using System.Text;

namespace Kontena.Fuzz.Engine;

/// <summary>Changes inputs blindly, but with a liking for what readers stumble over: lengths, depths, repetitions, cuts, odd bytes.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<string> words)
{
    private const int Longest = 64 << 10;

    private static readonly string[] Odd =
    [
        "\0", "\uFEFF", "\u2028", "\\ud800", "\\u0000", "-1", "0", "00", "1e999", "-0.0", "9223372036854775808", "18446744073709551616", "2147483648",
        "0x7fffffffffffffff", "NaN", "true", "null", "~", "\"", "'", "\\", "%00", "\r\n", "\t", "{}", "[]", "", " ", "🦄", "*a", "&a ", "<<: *a", "!!binary ",
    ];

    private static readonly (string Open, string Close)[] Pairs =
        [("[", "]"), ("{\"a\":", "}"), ("{a: ", "}"), ("<a>", "</a>"), ("- ", ""), ("? ", ""), ("\"", "\""), ("(", ")")];

    public byte[] Mutate(IReadOnlyList<byte[]> corpus)
    {
        var bytes = Pick(corpus).ToList();
        for (var steps = 1 + random.Next(1 << random.Next(5)); steps > 0; steps--)
        {
            Step(bytes, corpus);
            if (bytes.Count > Longest) bytes.RemoveRange(Longest, bytes.Count - Longest);
        }
        return [.. bytes];
    }

    private void Step(List<byte> bytes, IReadOnlyList<byte[]> corpus)
    {
        switch (random.Next(12))
        {
            case 0: Flip(bytes); break;
            case 1: Overwrite(bytes); break;
            case 2: Remove(bytes); break;
            case 3: Cut(bytes); break;
            case 4: Insert(bytes, Encoding.UTF8.GetBytes(Odd[random.Next(Odd.Length)])); break;
            case 5: Insert(bytes, Word()); break;
            case 6: Replace(bytes, Word()); break;
            case 7: Repeat(bytes); break;
            case 8: Insert(bytes, Part(Pick(corpus))); break;
            case 9: Number(bytes); break;
            case 10: Nest(bytes); break;
            case 11: Move(bytes); break;
        }
    }

    private void Flip(List<byte> bytes)
    {
        if (bytes.Count > 0) bytes[random.Next(bytes.Count)] ^= (byte)(1 << random.Next(8));
    }

    private void Overwrite(List<byte> bytes)
    {
        if (bytes.Count > 0) bytes[random.Next(bytes.Count)] = (byte)random.Next(256);
    }

    private void Remove(List<byte> bytes)
    {
        var (from, length) = Range(bytes.Count);
        bytes.RemoveRange(from, length);
    }

    private void Cut(List<byte> bytes)
    {
        var at = At(bytes);
        bytes.RemoveRange(at, bytes.Count - at);
    }

    private void Insert(List<byte> bytes, byte[] what) => bytes.InsertRange(At(bytes), what);

    private void Replace(List<byte> bytes, byte[] what)
    {
        var (from, length) = Range(bytes.Count);
        bytes.RemoveRange(from, length);
        bytes.InsertRange(from, what);
    }

    private void Repeat(List<byte> bytes)
    {
        var (from, length) = Range(bytes.Count);
        var part = bytes.GetRange(from, length);
        for (var times = 1 << random.Next(random.Next(10) == 0 ? 12 : 3); times > 0 && bytes.Count < Longest; times--) bytes.InsertRange(from, part);
    }

    /// <summary>A number where a number was.</summary>
    private void Number(List<byte> bytes)
    {
        var at = bytes.FindIndex(At(bytes), b => b is >= (byte)'0' and <= (byte)'9');
        if (at < 0) return;
        var end = at;
        while (end < bytes.Count && bytes[end] is >= (byte)'0' and <= (byte)'9') end++;
        bytes.RemoveRange(at, end - at);
        var number = random.Next(3) == 0 ? Odd[random.Next(5, 15)] : (random.NextInt64() >> random.Next(64)).ToString(CultureInfo.InvariantCulture);
        bytes.InsertRange(at, Encoding.UTF8.GetBytes(number));
    }

    private void Nest(List<byte> bytes)
    {
        var (open, close) = Pairs[random.Next(Pairs.Length)];
        var depth = random.Next(4) == 0 ? random.Next(20_000) : random.Next(200);
        depth = Math.Min(depth, Longest / (open.Length + close.Length));
        var (from, length) = Range(bytes.Count);
        bytes.InsertRange(from + length, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(close, depth))));
        bytes.InsertRange(from, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, depth))));
    }

    private void Move(List<byte> bytes)
    {
        var (from, length) = Range(bytes.Count);
        var part = bytes.GetRange(from, length);
        bytes.RemoveRange(from, length);
        bytes.InsertRange(At(bytes), part);
    }

    private byte[] Word() => words.Count == 0 ? [(byte)random.Next(256)] : Encoding.UTF8.GetBytes(words[random.Next(words.Count)]);

    private byte[] Pick(IReadOnlyList<byte[]> corpus) => corpus[random.Next(corpus.Count)];

    private byte[] Part(byte[] bytes)
    {
        var (from, length) = Range(bytes.Length);
        return bytes[from..(from + length)];
    }

    private int At(List<byte> bytes) => random.Next(bytes.Count + 1);

    private (int From, int Length) Range(int count)
    {
        var from = random.Next(count + 1);
        return (from, random.Next(Math.Min(count - from, 1 << random.Next(1, 12)) + 1));
    }
}
