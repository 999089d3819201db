using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Simulator.Kontena.Agents;

namespace Kontena.Simulator.Tests.Kontena;

public sealed class KeepaliveStreamTests
{
    /// <summary>Lengths around the two borders of RFC 6455 5.2, and in between.</summary>
    private static readonly int[] Lengths = [0, 1, 125, 126, 127, 65535, 65536];

    [Test]
    public void Pongs_InAnyPiecesAndAmongAnyFrames_AreAllSeen()
    {
        var frames = Gen.Elements(0x1, 0x2, 0x0, 0x9, 0xA).SelectMany(opcode => Gen.Elements(Lengths), (opcode, length) => (opcode, opcode > 7 ? Math.Min(length, 125) : length));
        var property = Prop.ForAll(frames.ListOf(12).ToArbitrary(), Gen.Choose(1, 5000).ToArbitrary(), (sent, piece) =>
        {
            var bytes = sent.SelectMany(f => Frame((byte)f.opcode, f.Item2)).ToArray();
            var seen = 0;
            using var stream = new KeepaliveStream(new MemoryStream(bytes)) { Pong = () => seen++ };
            var buffer = new byte[piece];
            // A stream in memory never waits.
            while (stream.ReadAsync(buffer.AsMemory()).AsTask().GetAwaiter().GetResult() > 0) { }
            return seen == sent.Count(f => f.opcode == 0xA);
        });
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Test]
    public async Task Ping_IsAnEmptyUnmaskedFrame()
    {
        using var written = new MemoryStream();
        await using var stream = new KeepaliveStream(written);
        await stream.PingAsync(CancellationToken.None);
        Assert.That(written.ToArray(), Is.EqualTo(new byte[] { 0x89, 0x00 }));
    }

    /// <summary>A masked frame, as clients send them, full of bytes that look like a pong's first.</summary>
    private static byte[] Frame(byte opcode, int length)
    {
        var size = new byte[length > 65535 ? 8 : length > 125 ? 2 : 0];
        if (size.Length == 2) BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)length);
        if (size.Length == 8) BinaryPrimitives.WriteInt64BigEndian(size, length);
        var marked = (byte)(0x80 | (size.Length switch { 2 => 126, 8 => 127, _ => length }));
        return [(byte)(0x80 | opcode), marked, .. size, 1, 2, 3, 4, .. Enumerable.Repeat((byte)0x8A, length)];
    }
}
