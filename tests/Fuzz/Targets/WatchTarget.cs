using Kontena.Fuzz.Engine;
using Kontena.Kubernetes.Client;

namespace Kontena.Fuzz.Targets;

/// <summary>The client's reading of a watch: whole events in their order, then an end or a fault that says to begin anew; never a wrong event.</summary>
internal sealed class WatchTarget : FuzzTarget
{
    public override string Name => "watch";

    public override IReadOnlyList<string> Words { get; } =
    [
        "\n", "\r\n", "{\"type\":\"ADDED\",\"object\":", "\"type\":\"DELETED\"", "\"type\":\"BOOKMARK\"", "\"type\":\"ERROR\"", "\"object\":{}", "\"object\":null",
        "\"metadata\":{\"resourceVersion\":\"9\"}", "\"metadata\":null", "\"name\":\"web\"", "\"code\":410", "\"size\":1", "}\n", "{}\n", "\"type\":1,", "\\u0074ype",
    ];

    public override async Task CheckAsync(byte[] input)
    {
        var breaks = input.Length % 2 == 1;
        var (events, fault) = await WatchBytes.ReadAsync(input, 1 + (input.Length % 4099), breaks);
        if (WatchOracle.Read(input) is not { } expected) return;
        Judge(events, fault, expected.Events, expected.Broken, breaks);
    }

    public static void Judge(IReadOnlyList<string> events, KubeFault? fault, IReadOnlyList<string> expected, bool broken, bool breaks)
    {
        if (!events.SequenceEqual(expected))
            throw new PromiseBroken($"wrong events\nexpected: {string.Join(", ", expected)}\nbut were: {string.Join(", ", events)}\n{fault?.Message}");
        FaultReason? wanted = broken ? FaultReason.ServerError : breaks ? FaultReason.Unreachable : null;
        if (fault?.Reason != wanted) throw new PromiseBroken($"ended with {fault?.Reason} instead of {wanted}: {fault?.Message}");
    }
}
