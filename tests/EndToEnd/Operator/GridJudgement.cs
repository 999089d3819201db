namespace Kontena.EndToEnd.Operator;

/// <summary>What must hold of the Kontena Master after every scene, however it went.</summary>
internal static class GridJudgement
{
    private const string Mark = "kontena-node=";

    public static async Task AssertAsync(OperatorScene scene)
    {
        if (!scene.HasMaster) return;
        AssertOneEntryANode(scene);
        await AssertNoneIsLeftAsync(scene);
        AssertNothingForeignTouched(scene);
    }

    /// <summary>Never two at one time for one node. One after another there may be: an attempt that made no machine takes its entry along.</summary>
    private static void AssertOneEntryANode(OperatorScene scene)
    {
        foreach (var mark in scene.Grids.Kontena.Nodes.SelectMany(n => n.Labels).Where(IsMark).Distinct())
            Assert.That(scene.Grids.Kontena.MostAtOnce(mark), Is.EqualTo(1), $"entries of {mark} at one time");
    }

    /// <summary>An entry outlives its node only where a human gave it up.</summary>
    private static async Task AssertNoneIsLeftAsync(OperatorScene scene)
    {
        if (scene.Grids.Abandoned) return;
        var nodes = (await scene.Objects.NodesAsync()).Select(n => Mark + n.Metadata.Uid).ToHashSet();
        var left = scene.Grids.Entries.Where(e => e.Labels.Any(IsMark) && !e.Labels.Any(nodes.Contains)).Select(e => e.Name);
        Assert.That(left, Is.Empty, "entries whose nodes are gone");
    }

    private static void AssertNothingForeignTouched(OperatorScene scene)
    {
        foreach (var before in scene.Grids.Foreign)
        {
            var now = scene.Grids.Entries.SingleOrDefault(e => e.Key == before.Key);
            Assert.That(now, Is.Not.Null, $"somebody else's entry {before.Name} is there");
            Assert.That((now!.Availability, now.HasToken, string.Join(',', now.Labels)), Is.EqualTo((before.Availability, before.HasToken, string.Join(',', before.Labels))), $"somebody else's entry {before.Name}");
            var token = scene.Grids.Kontena.NodeToken(before.Grid, before.Name);
            Assert.That(token == Canary.Of($"foreign-token-{before.Name}"), Is.True, $"the token of {before.Name} is the one that it was given");
        }
    }

    private static bool IsMark(string label) => label.StartsWith(Mark, StringComparison.Ordinal);
}
