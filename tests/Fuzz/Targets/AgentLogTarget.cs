using System.Text;
using Kontena.Fuzz.Engine;
using Kontena.Operator.Core.Identity;

namespace Kontena.Fuzz.Targets;

/// <summary>Reading an agent's log: never an error, a bounded number of records, and nothing of the text in them but codes, times, names and ids.</summary>
internal sealed class AgentLogTarget : FuzzTarget
{
    /// <summary>As base64 tokens have it, and neither names nor ids.</summary>
    private const string Secret = "canary+of+a+token==";

    public override string Name => "agent-log";

    public override IReadOnlyList<string> Words { get; } =
    [
        "W, [2018-03-01T12:00:00.123456 #7]  WARN -- ", "Kontena::WebsocketClient: ", "connection closed with code ", "4041", "4003", "4006", "4040", ": ", "host node ",
        " connection conflict with new connection at ", " has been removed", "2018-03-01 12:00:00 UTC", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00",
        "master indicates that this agent should not reconnect: ", "master does not accept our token", "master does not accept our version", "initialized with ", ", node ID ",
        "44C7:P5OM:NBJT:WXHV:6EDU:67T5:YDMX:4YPU:PF6D:VUH5:7LE7:5RC7", "6f1c2d3e-9a4b-4c5d-8e6f-7a8b9c0d1e2f", Secret, "\n", "\r", "\r\n", "\u2028", "\u0085", "[", "]", "\0", "/",
    ];

    /// <summary>What is read is decoded once, and every record kept costs a little; there are few of them.</summary>
    public override long MostAllocated(int length) => (4 << 20) + 16L * length;

    public override Task CheckAsync(byte[] input)
    {
        var found = AgentLog.Read(Encoding.UTF8.GetString(input));
        if (found.Count > AgentLog.MostRecords) throw new PromiseBroken($"{found.Count} records");
        foreach (var evidence in found)
        {
            if (evidence.Code is < 1000 or > 4999) throw new PromiseBroken($"code {evidence.Code}");
            if (evidence.NodeId is { Form: EngineIdForm.Unrecognised }) throw new PromiseBroken("an id of no known form");
            if (evidence.ToString().Contains(Secret, StringComparison.Ordinal)) throw new PromiseBroken("a record tells the token");
        }
        return Task.CompletedTask;
    }
}
