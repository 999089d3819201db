using System.Text;
using Kontena.Fuzz.Engine;
using Kontena.Fuzz.Targets;

namespace Kontena.Fuzz;

/// <summary>A recorded watch that breaks off after each of its bytes, and one with rubbish in the place of each.</summary>
[Category("Fuzz")]
public sealed class WatchCutTests
{
    private static readonly byte[] Recorded = new Corpus("watch").Inputs[0];

    private static readonly string[] Whole =
    [
        "ADDED Widget default/web u-1 8 1", "MODIFIED Widget default/web u-1 9 2", "BOOKMARK 11 True", "ADDED Widget default/early u-2 12 ",
        "DELETED Widget default/web u-1 13 -3", "ERROR 410 Expired",
    ];

    [Test]
    public async Task Watch_CutAfterAnyByte_GivesTheWholeEventsBeforeIt([Values] bool breaks)
    {
        var events = new List<int>();
        for (var length = 0; length <= Recorded.Length; length++)
        {
            var (seen, fault) = await WatchBytes.ReadAsync(Recorded[..length], 1 + (length % 97), breaks);
            var lines = Encoding.UTF8.GetString(Recorded, 0, length).Split('\n').SkipLast(1).Count(line => line.Trim().Length > 0);
            WatchTarget.Judge(seen, fault, Whole[..lines], broken: false, breaks);
            events.Add(lines);
        }
        Assert.That(events[^1], Is.EqualTo(6));
        await TestContext.Out.WriteLineAsync($"{events.Count} cuts");
    }

    [Test]
    public async Task Watch_RubbishAtAnyByte_GivesNoWrongEvent([Values("\0", "\n", "}", "\"", "\\", "\xff", "{\"type\":\"DELETED\",")] string rubbish, [Values] bool instead)
    {
        for (var at = 0; at < Recorded.Length; at++)
        {
            byte[] spoiled = [.. Recorded[..at], .. Encoding.Latin1.GetBytes(rubbish), .. Recorded[(instead ? at + 1 : at)..]];
            var (seen, fault) = await WatchBytes.ReadAsync(spoiled, 1 + (at % 97), breaks: false);
            if (WatchOracle.Read(spoiled) is { } expected) WatchTarget.Judge(seen, fault, expected.Events, expected.Broken, breaks: false);
        }
    }
}
