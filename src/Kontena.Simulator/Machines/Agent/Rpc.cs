using System.Buffers;
using MessagePack;

namespace Kontena.Simulator.Machines.Agent;

/// <summary>MessagePack-RPC between agent and Master: <c>[0,id,method,params]</c>, <c>[1,id,error,result]</c>, <c>[2,method,params]</c>.</summary>
internal static class Rpc
{
    public static byte[] Request(int id, string method, IReadOnlyList<object?> parameters) => Write([0, id, method, parameters]);

    public static byte[] Response(object? id, object? error, object? result) => Write([1, id, error, result]);

    /// <summary>Maps, lists, texts, numbers, booleans and null; null where the bytes are no such message.</summary>
    public static IReadOnlyList<object?>? Read(ReadOnlyMemory<byte> frame)
    {
        try
        {
            var reader = new MessagePackReader(frame);
            return Value(ref reader, 0) as IReadOnlyList<object?>;
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    private static byte[] Write(IReadOnlyList<object?> message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        Write(ref writer, message);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(ref MessagePackWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNil(); break;
            case string text: writer.Write(text); break;
            case bool flag: writer.Write(flag); break;
            case int number: writer.Write(number); break;
            case long number: writer.Write(number); break;
            case ulong number: writer.Write(number); break;
            case double number: writer.Write(number); break;
            case IReadOnlyDictionary<string, object?> map:
                writer.WriteMapHeader(map.Count);
                foreach (var (key, each) in map)
                {
                    writer.Write(key);
                    Write(ref writer, each);
                }
                break;
            case IReadOnlyList<object?> list:
                writer.WriteArrayHeader(list.Count);
                foreach (var each in list) Write(ref writer, each);
                break;
            default: throw new InvalidOperationException($"{value.GetType().Name} has no place in a message.");
        }
    }

    private static object? Value(ref MessagePackReader reader, int depth)
    {
        if (depth > 32) throw new InvalidOperationException("The message is too deep.");
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil: reader.ReadNil(); return null;
            case MessagePackType.Boolean: return reader.ReadBoolean();
            case MessagePackType.Integer: return reader.NextCode == MessagePackCode.UInt64 ? reader.ReadUInt64() : reader.ReadInt64();
            case MessagePackType.Float: return reader.ReadDouble();
            case MessagePackType.String: return reader.ReadString();
            case MessagePackType.Array: return Array(ref reader, depth);
            case MessagePackType.Map: return Map(ref reader, depth);
            default: reader.Skip(); return null;
        }
    }

    private static List<object?> Array(ref MessagePackReader reader, int depth)
    {
        var count = reader.ReadArrayHeader();
        var list = new List<object?>();
        for (var i = 0; i < count; i++) list.Add(Value(ref reader, depth + 1));
        return list;
    }

    private static Dictionary<string, object?> Map(ref MessagePackReader reader, int depth)
    {
        var count = reader.ReadMapHeader();
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = Value(ref reader, depth + 1) as string ?? "";
            map[key] = Value(ref reader, depth + 1);
        }
        return map;
    }
}
