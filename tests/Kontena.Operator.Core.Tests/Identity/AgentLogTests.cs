using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Identity;

namespace Kontena.Operator.Core.Tests.Identity;

/// <summary>What is read out of an agent's log, and that nothing else is.</summary>
public sealed class AgentLogTests
{
    private const string Id = "44C7:P5OM:NBJT:WXHV:6EDU:67T5:YDMX:4YPU:PF6D:VUH5:7LE7:5RC7";
    private const string Prefix = "W, [2018-03-01T12:00:00.123456 #7]  WARN -- Kontena::WebsocketClient: ";

    [TestCase(Prefix + "connection closed with code 4041: host node web-1 connection conflict with new connection at 2018-03-01 11:59:58 UTC", 4041, "web-1")]
    [TestCase("connection closed with code 4041: host node e2e/web-1 connection conflict with new connection at 2018-03-01 11:59:58 UTC", 4041, "e2e/web-1")]
    [TestCase("Mar 01 12:00:00 host docker[812]: E, [2018-03-01T12:00:00.123456 #7] ERROR -- Kontena::WebsocketClient: master indicates that this agent should not reconnect: host node web-1 connection conflict with new connection at 2018-03-01 11:59:58 UTC", 4041, "web-1")]
    [TestCase(Prefix + "master indicates that this agent should not reconnect: host node web-1 has been removed", 4040, "web-1")]
    [TestCase(Prefix + "connection closed with code 4003: Invalid node token, already used by a different node", 4003, null)]
    [TestCase(Prefix + "connection closed with code 4006: Invalid node ID, already used by a different node", 4006, null)]
    [TestCase(Prefix + "connection closed with code 4020: agent connected too far in the past", 4020, null)]
    [TestCase(Prefix + "master does not accept our token, shutting down ...", 4001, null)]
    [TestCase(Prefix + "master does not accept our version (1.3.0): please upgrade", 4010, null)]
    [TestCase(Prefix + "connection closed with code 1006: ", 1006, null)]
    public void Read_OneLine_GivesItsCodeAndNode(string line, int code, string? node)
    {
        var found = AgentLog.Read(line).Single();

        Assert.That((found.Code, found.NodeName, found.IsOfIdentity), Is.EqualTo((code, node, code is 4003 or 4006 or 4041)));
    }

    [TestCase("connection closed with code 40411: x")]
    [TestCase("connection closed with code 99999999999999999999: x")]
    [TestCase("connection closed with code : x")]
    [TestCase("connection closed with code ")]
    [TestCase(Prefix + "reconnect attempt 3 in 5.02s...")]
    [TestCase(Prefix + "connecting to master at wss://master")]
    [TestCase("")]
    public void Read_AnotherLine_GivesNothing(string line) => Assert.That(AgentLog.Read(line), Is.Empty);

    [Test]
    public void Read_WholeLog_TellsTimesAndTheIdThatWasSaidBefore()
    {
        var found = AgentLog.Read($"{Prefix}initialized with node token abcdefghi..., node ID {Id}\r\n{Prefix}connection closed with code 4041: host node web-1 connection conflict with new connection at 2018-03-01 11:59:58 UTC\r\n").Single();

        Assert.That((found.NodeId?.Text, found.At, found.NewerAt), Is.EqualTo((Id, new DateTimeOffset(2018, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1234560), new DateTimeOffset(2018, 3, 1, 11, 59, 58, TimeSpan.Zero))));
    }

    [Test]
    public void Read_MoreThanIsKept_GivesTheNewest()
    {
        var log = string.Concat(Enumerable.Range(0, 1000).Select(i => $"connection closed with code {4000 + i % 10}: x\n")) + "connection closed with code 4099: last\n";
        var found = AgentLog.Read(log);

        Assert.That((found.Count, found[^1].Code), Is.EqualTo((AgentLog.MostRecords, 4099)));
    }

    [Test]
    public void Read_Secrets_StayInTheLog()
    {
        var token = Canary.Of("agent-log-token==");
        var found = AgentLog.Read(string.Join('\n',
            $"{Prefix}initialized with grid token {token}, node ID {token}",
            $"{Prefix}connection closed with code 4002: Invalid node token {token}",
            $"{Prefix}connection closed with code 4041: host node {token} connection conflict with new connection at {token}",
            $"{Prefix}master does not accept our token {token}, shutting down ..."));

        Assert.That(found, Has.Count.EqualTo(3));
        Assert.That(Canary.In(string.Join('\n', found)), Is.Empty);
    }

    /// <summary>Lines of parts of real ones, in any order and cut anywhere: never an error, never more than the bound, each character looked at a few times.</summary>
    [Test]
    public void Read_AnyText_IsBoundedAndTellsOnlyCodes() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(Texts, text =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = AgentLog.Read(text);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Multiple(() =>
        {
            Assert.That(found.Select(f => f.Code), Is.All.InRange(1000, 4999));
            Assert.That(found, Has.Count.LessThanOrEqualTo(AgentLog.MostRecords));
            Assert.That(allocated, Is.LessThan(64 * 1024 + 16L * text.Length));
        });
        return true;
    }));

    [TestCase('[')]
    [TestCase('\n')]
    [TestCase(' ')]
    public void Read_TooMuchOfOneThing_ReadsTheEnd(char filling) =>
        Assert.That(AgentLog.Read(new string(filling, 3 * AgentLog.MostCharacters) + "\nconnection closed with code 4006: x").Select(f => f.Code), Is.EqualTo(new[] { 4006 }));

    [TestCase("Websocket connection rejected at 2018-03-01T12:00:00Z with code 4020: agent connected too far in the past", true, 4020, "agent connected too far in the past")]
    [TestCase("Websocket disconnected at 2018-03-01T12:00:00Z with code 4041: host node web-1 connection conflict with new connection at T", false, 4041, "host node web-1 connection conflict with new connection at T")]
    [TestCase("Websocket disconnected at T with code 1006: ", false, 1006, "")]
    public void CloseNotice_WordsOfTheMaster_AreRead(string text, bool rejected, int code, string reason) =>
        Assert.That(CloseNotice.Of(text), Is.EqualTo(new CloseNotice(rejected, code, reason)));

    [TestCase(null)]
    [TestCase("Websocket is not connected")]
    [TestCase("Websocket connection rejected at T with code x: y")]
    [TestCase("Websocket connection rejected at T")]
    public void CloseNotice_OtherWords_AreNone(string? text) => Assert.That(CloseNotice.Of(text), Is.Null);

    private static Arbitrary<string> Texts { get; } = Arb.From(
        from parts in Gen.Elements(Prefix, "connection closed with code ", "4041", "4", ": ", "host node ", " connection conflict with new connection at ", "master indicates that this agent should not reconnect: ", "master does not accept our token", "initialized with ", ", node ID ", Id, "\n", "\r", "\u2028", "[", "]", "\0", "é", "2018-03-01 11:59:58 UTC", "Kontena::WebsocketClient:").ListOf()
        from cut in Gen.Choose(0, 20)
        select Cut(parts, cut));

    private static string Cut(IEnumerable<string> parts, int cut)
    {
        var text = new StringBuilder().AppendJoin("", parts).ToString();
        return text.Length > cut ? text[..^cut] : text;
    }
}
