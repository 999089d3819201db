namespace Kontena.Standalone.Protobuf;

/// <summary>One field of a protobuf message on the wire: Bytes of a length-delimited field, Number of a varint.</summary>
internal readonly record struct WireField(int Id, ReadOnlyMemory<byte> Bytes, ulong Number);

/// <summary>Splits a protobuf message into its fields (protobuf.dev/programming-guides/encoding).</summary>
internal static class ProtobufReader
{
    public static IEnumerable<WireField> Fields(ReadOnlyMemory<byte> message)
    {
        while (message.Length > 0)
        {
            var tag = Varint(ref message);
            // protobuf.dev: field numbers go up to 2^29 - 1.
            if (tag >> 3 is 0 or > (1 << 29) - 1) throw Malformed();
            var id = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return new WireField(id, default, Varint(ref message));
                    break;
                case 1:
                    yield return new WireField(id, Take(ref message, 8), 0);
                    break;
                case 2:
                    yield return new WireField(id, Take(ref message, Varint(ref message)), 0);
                    break;
                case 5:
                    yield return new WireField(id, Take(ref message, 4), 0);
                    break;
                default:
                    throw Malformed();
            }
        }
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> rest)
    {
        ulong value = 0;
        for (var i = 0; i < Math.Min(10, rest.Length); i++)
        {
            var part = rest.Span[i];
            value |= unchecked((ulong)(part & 0x7f) << (7 * i));
            if (part >= 0x80) continue;
            rest = rest[(i + 1)..];
            return value;
        }
        throw Malformed();
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, ulong length)
    {
        if (length > (ulong)rest.Length) throw Malformed();
        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }

    private static StatusException Malformed() => Fault.BadRequest("the request body is not valid protobuf");
}
