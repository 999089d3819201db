using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Kontena.Simulator.Tests.Kontena;

/// <summary>The bytes themselves, without any WebSocket library on this side.</summary>
public sealed class RawSocketTests
{
    [Test]
    public async Task Handshake_IsAccepted_ThenClosed_ThenCutAsTheCloseIsNotAnswered()
    {
        await using var session = await MasterSession.StartAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(session.Server.MasterUrl.Host, session.Server.MasterUrl.Port, deadline.Token);
        var stream = tcp.GetStream();
        // Key and answer are the example of RFC 6455, 1.3.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "GET / HTTP/1.1\r\nHost: master\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nKontena-Version: 1.5.0\r\n\r\n"), deadline.Token);

        using var all = new MemoryStream();
        Assert.That(async () => await stream.CopyToAsync(all, deadline.Token), Throws.InstanceOf<IOException>(), "reset");

        var bytes = all.ToArray();
        var end = Encoding.Latin1.GetString(bytes).IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        var head = Encoding.ASCII.GetString(bytes, 0, end);
        Assert.That(head, Does.StartWith("HTTP/1.1 101 ").And.Contain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n").And.Contain("Kontena-Version: 1.5.4\r\n"));
        Assert.That(head, Does.Match(@"Kontena-Connected-At: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9}Z\r\n"));
        var reason = Encoding.ASCII.GetBytes("Missing Kontena-Node-ID");
        // A final close frame, its length, 4000, the reason; then the end of the connection.
        Assert.That(bytes[end..], Is.EqualTo((byte[])[0x88, (byte)(2 + reason.Length), 4000 >> 8, 4000 & 0xFF, .. reason]));
    }

    [Test]
    public async Task Messages_MadeWrongly_LeaveTheConnectionAsItIs()
    {
        await using var session = await MasterSession.StartAsync();
        var agent = await session.JoinAsync("web", EngineIds.A);
        // [2, "/nodes/update", [id, {"Name": 1, "Name": 2}]]: a map with one key twice.
        byte[] id = [0xD9, 59, .. Encoding.ASCII.GetBytes(EngineIds.A)];
        await agent.SendAsync([0x93, 0x02, 0xAD, .. "/nodes/update"u8, 0x92, .. id, 0x82, 0xA4, .. "Name"u8, 0x01, 0xA4, .. "Name"u8, 0x02]);
        await agent.SendAsync(new JsonArray(2, "/nodes/update", new JsonArray(EngineIds.A, "no map")));
        await agent.SendAsync(new JsonArray(2, 7, new JsonArray()));
        await agent.SendAsync(new JsonArray(1, 999, null, "nobody asked"));
        await agent.UpdateAsync();
        await agent.SendAsync(new byte[5 << 20]);
        Assert.That((await agent.Closed).Code, Is.EqualTo(1009));
    }

    [Test]
    public async Task Body_ThatIsNoObject_Is500()
    {
        await using var session = await MasterSession.StartAsync();
        Assert.That((await session.PostAsync("/v1/grids/production/nodes", "[1]")).Outcome, Is.EqualTo("500 Internal server error"));
        Assert.That((await session.PostAsync("/v1/grids/production/nodes", """{"name": "a", "name": "b"}""")).Outcome, Is.EqualTo("500 Internal server error"));
        Assert.That((await session.PostAsync("/v1/grids/production/nodes", """{"name": {"a": 1}}""")).Outcome, Is.EqualTo("422 name: Name isn't a string"));
        Assert.That((await session.PostAsync("/v1/grids/production/nodes", new string(' ', 2 << 20))).Status, Is.EqualTo(413));
    }
}
