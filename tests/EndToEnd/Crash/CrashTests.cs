using System.Collections.Concurrent;
using Kontena.EndToEnd.Crash.Recording;
using Kontena.EndToEnd.Crash.Staging;

namespace Kontena.EndToEnd.Crash;

/// <summary>
/// The product's first promise, crash by crash: exactly one machine a declared node, and no leak. For every call that an operator makes to
/// the API server or to the cloud it is killed right before and right after that call, and the next operator has to make it good.
/// </summary>
public sealed class CrashTests
{
    private static IEnumerable<TestCaseData> Scripts => new[] { Script.Create, Script.ScaleUp, Script.ScaleDown, Script.Delete }.Select(s => new TestCaseData(s).SetArgDisplayNames(s.Name));

    private static IEnumerable<TestCaseData> Cases =>
        from variant in Variants.All
        from script in new[] { Script.CreateOne, Script.DeleteOne }
        select new TestCaseData(variant, script).SetArgDisplayNames(variant.Name, script.Name);

    private static readonly ConcurrentQueue<CampaignResult> results = [];

    /// <summary>As <c>make crash</c> asks.</summary>
    private static bool IsEverythingAsked => Environment.GetEnvironmentVariable("KONTENA_CRASH") == "all";

    [OneTimeTearDown]
    public static void Sum() => TestContext.Progress.WriteLine(
        $"Crash at every step: {results.Count} scripts and variants, {results.Sum(r => r.Points)} calls, {results.Sum(r => r.Struck)} crashes in {results.Sum(r => r.Runs)} runs, {results.Sum(r => r.Failures.Count)} violations.");

    [TestCaseSource(nameof(Scripts))]
    public Task KilledAtEveryCall_TheNextFinishes_OneMachineANode_NothingIsLeft(object script) =>
        AssertAsync(new Campaign((Script)script, Variants.Plain, _ => true));

    [TestCaseSource(nameof(Cases))]
    public Task KilledAtEveryCall_UnderTrouble_TheNextFinishes_OneMachineANode_NothingIsLeft(object variant, object script) =>
        AssertAsync(new Campaign((Script)script, (Variant)variant, IsChosen));

    /// <summary>
    /// Without trouble every point is struck. Under it, every call of the driver and every write but Events; of reads and Events, which change
    /// nothing that the next operator could stumble over, one in four, always the same.
    /// </summary>
    private static bool IsChosen(ScriptPoint point)
    {
        var call = point.Point.Call;
        return IsEverythingAsked || call.IsDriver || (call.Changes && !call.IsEvent) || point.Point.ToString().Sum(c => c) % 4 == 0;
    }

    private static async Task AssertAsync(Campaign campaign)
    {
        var result = await campaign.RunAsync(TestContext.CurrentContext.CancellationToken);
        results.Enqueue(result);
        TestContext.Out.WriteLine(result);
        Assert.That(result.Failures, Is.Empty, () => string.Join("\n\n", result.Failures));
    }
}
