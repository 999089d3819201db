using System.Text;
using Kontena.Standalone.Faults;
using Kontena.Standalone.Json;
using Kontena.Standalone.Protobuf;

namespace Kontena.Standalone.Tests.Protobuf;

/// <summary>Messages written by hand after the encoding's specification: an independent check of the decoder. kubectl's own are in the kubectl tests.</summary>
public sealed class ProtobufTests
{
    [Test]
    public void Decode_Secret_ReadsEveryKnownField()
    {
        var metadata = Join(Text(1, "s"), Text(3, "default"), Text(11, Join(Text(1, "app"), Text(2, "x"))), Text(99, "unknown"), Text(14, "example.test/f"),
            Text(13, Join(Text(1, "Widget"), Text(3, "w"), Text(4, "u"), Text(5, "v1"), [0x30, 1])));
        var secret = Join(Text(1, metadata), Text(2, Join(Text(1, "k"), Text(2, "hi"))), Text(3, ""), [0x28, 1]);
        var decoded = ProtobufBody.Decode(Envelope("v1", "Secret", secret));
        Assert.That(JsonText.SerializeToString(decoded), Is.EqualTo(
            """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"default","labels":{"app":"x"},"finalizers":["example.test/f"],"ownerReferences":[{"kind":"Widget","name":"w","uid":"u","apiVersion":"v1","controller":true}]},"data":{"k":"aGk="},"immutable":true}"""));
    }

    [Test]
    public void Decode_Malformed_IsABadRequest()
    {
        var whole = Envelope("v1", "Namespace", Text(1, Text(1, "blue")));
        Assert.That(Assert.Throws<StatusException>(() => ProtobufBody.Decode("{}"u8.ToArray()))!.Code, Is.EqualTo(400));
        // Cut between its two fields the envelope is whole, and the object in it empty.
        var boundary = whole.Length - Text(2, Text(1, Text(1, "blue"))).Length;
        foreach (var length in Enumerable.Range(5, whole.Length - 5).Where(l => l != boundary))
            Assert.That(() => ProtobufBody.Decode(whole.AsMemory(0, length)), Throws.TypeOf<StatusException>(), $"cut at {length}");
        // A field's number beyond what the encoding allows.
        byte[] beyond = [.. "k8s\0"u8, 0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x01, .. whole.AsSpan(4)];
        Assert.That(Assert.Throws<StatusException>(() => ProtobufBody.Decode(beyond))!.Code, Is.EqualTo(400));
        Assert.That(Assert.Throws<StatusException>(() => ProtobufBody.Decode(Envelope("v1", "Pod", [])))!.Code, Is.EqualTo(415));
    }

    private static byte[] Envelope(string apiVersion, string kind, byte[] raw) =>
        Join("k8s\0"u8.ToArray(), Text(1, Join(Text(1, apiVersion), Text(2, kind))), Text(2, raw));

    private static byte[] Text(int field, string text) => Text(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Text(int field, byte[] bytes) => Join(Varint((uint)field << 3 | 2), Varint((uint)bytes.Length), bytes);

    private static byte[] Varint(uint value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value & 0x7f | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(p => p)];
}
