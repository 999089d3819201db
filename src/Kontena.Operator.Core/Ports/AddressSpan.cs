using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Kontena.Operator.Core.Ports;

/// <summary>Addresses from one to another, both included, of one family. Unlike networks these join and split by plain arithmetic.</summary>
internal readonly record struct AddressSpan(bool V6, UInt128 First, UInt128 Last)
{
    private int Width => V6 ? 128 : 32;

    public static AddressSpan Of(IPNetwork network)
    {
        var v6 = network.BaseAddress.AddressFamily is AddressFamily.InterNetworkV6;
        var mask = Mask((v6 ? 128 : 32) - network.PrefixLength);
        var first = Number(network.BaseAddress) & ~mask;
        return new AddressSpan(v6, first, first | mask);
    }

    public bool Contains(AddressSpan other) => V6 == other.V6 && First <= other.First && other.Last <= Last;

    public bool Touches(AddressSpan other) => V6 == other.V6 && First <= other.Last && other.First <= Last;

    /// <summary>Ordered, disjoint and apart: what overlaps or adjoins is one span.</summary>
    public static IReadOnlyList<AddressSpan> Join(IEnumerable<AddressSpan> spans)
    {
        List<AddressSpan> joined = [];
        foreach (var span in spans.OrderBy(s => s.V6).ThenBy(s => s.First))
        {
            if (joined.Count > 0 && joined[^1] is var before && before.V6 == span.V6 && (before.Last >= span.First || before.Last + 1 == span.First))
                joined[^1] = before with { Last = UInt128.Max(before.Last, span.Last) };
            else joined.Add(span);
        }
        return joined;
    }

    /// <summary>The fewest networks that are exactly these addresses.</summary>
    public IEnumerable<IPNetwork> Networks()
    {
        for (var first = First; ; first = (first | Mask(Bits(first))) + 1)
        {
            var bits = Bits(first);
            yield return new IPNetwork(Address(first), Width - bits);
            if ((first | Mask(bits)) == Last) yield break;
        }
    }

    /// <summary>How many bits the largest network leaves free that begins here and does not reach past the end.</summary>
    private int Bits(UInt128 first)
    {
        var bits = Math.Min((int)UInt128.TrailingZeroCount(first), Width);
        while ((first | Mask(bits)) > Last) bits--;
        return bits;
    }

    private IPAddress Address(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(V6 ? bytes : bytes[12..]);
    }

    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        _ = address.TryWriteBytes(address.AddressFamily is AddressFamily.InterNetworkV6 ? bytes : bytes[12..], out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static UInt128 Mask(int bits) => bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1;
}
