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

    private static IEnumerable<TestCaseData> GridScripts =>
        new[] { Script.CreateInGrid, Script.ScaleUpInGrid, Script.ScaleDownInGrid, Script.DeleteInGrid, Script.ReplaceInGrid }.Select(s => new TestCaseData(s).SetArgDisplayNames(s.Name));

    private static IEnumerable<TestCaseData> GridCases =>
        from of in new[] { (Script.CreateOneInGrid, Variants.OfMaster.Concat(Variants.OfJoining)), (Script.DeleteOneInGrid, Variants.OfMaster), (Script.ReplaceInGrid, Variants.OfMaster) }
        from variant in of.Item2.Concat(Variants.All.Where(v => v.ComesBack is not null || (IsEverythingAsked && v.Name != "spec edited")))
        select new TestCaseData(variant, of.Item1).SetArgDisplayNames(variant.Name, of.Item1.Name);

    private static IEnumerable<TestCaseData> PortsScripts =>
        new[]
        {
            Script.CreateWithPorts, Script.ScaleUpWithPorts, Script.ChangePorts, Script.AddPorts, Script.RepairDrift, Script.DeleteWithPorts, Script.DeleteOnePoolOfTwo, Script.DeleteGrid, Script.DeleteAllAtOnce,
        }.Select(s => new TestCaseData(s).SetArgDisplayNames(s.Name));

    private static IEnumerable<TestCaseData> PortsCases =>
        from of in new[]
        {
            (Script.ChangePorts, Variants.OfPorts), (Script.AddPorts, Variants.OfPorts), (Script.DeleteWithPorts, Variants.OfPorts),
            (Script.CreateWithPorts, Variants.OfPorts.Where(v => IsEverythingAsked || v.DeletesAtTheCrash)),
            (Script.DeleteGrid, Variants.OfPorts.Where(v => v.ComesBack is Return.WhenSettled || v.Name == "lost answers about groups")),
            (Script.DeleteAllAtOnce, Variants.OfPorts.Where(v => v.ComesBack is Return.WhenSettled && IsEverythingAsked)),
        }
        from variant in of.Item2
        select new TestCaseData(variant, of.Item1).SetArgDisplayNames(variant.Name, of.Item1.Name);

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

    [TestCaseSource(nameof(GridScripts))]
    public Task InAGrid_KilledAtEveryCall_TheNextFinishes_OneEntryANode_QuorumIsKept(object script) =>
        AssertAsync(new Campaign((Script)script, Variants.Plain, IsChosenInGrid));

    [TestCaseSource(nameof(GridCases))]
    public Task InAGrid_KilledAtEveryCall_UnderTrouble_TheNextFinishes_OneEntryANode_QuorumIsKept(object variant, object script) =>
        AssertAsync(new Campaign((Script)script, (Variant)variant, IsChosenInTroubledGrid));

    [TestCaseSource(nameof(PortsScripts))]
    public Task WithPorts_KilledAtEveryCall_TheNextFinishes_NobodyIsLockedOut_NoGroupIsLeft(object script) =>
        AssertAsync(new Campaign((Script)script, Variants.Plain, IsChosenInGrid));

    [TestCaseSource(nameof(PortsCases))]
    public Task WithPorts_KilledAtEveryCall_UnderTrouble_TheNextFinishes_NobodyIsLockedOut_NoGroupIsLeft(object variant, object script) =>
        AssertAsync(new Campaign((Script)script, (Variant)variant, IsChosenInTroubledGrid));

    /// <summary>
    /// Without trouble every point is struck. Under it, every call of the driver and every write but Events; of reads and Events, which change
    /// nothing that the next operator could stumble over, one in four, always the same.
    /// </summary>
    private static bool IsChosen(ScriptPoint point)
    {
        var call = point.Point.Call;
        return IsEverythingAsked || call.IsDriver || (call.Changes && !call.IsEvent) || point.Point.ToString().Sum(c => c) % 4 == 0;
    }

    /// <summary>What the scripts without a grid do as well is struck there: here every write but statuses and Events, and of the rest one in eight.</summary>
    private static bool IsChosenInGrid(ScriptPoint point) =>
        IsEverythingAsked || (point.Point.Call is { Changes: true, IsTimed: false }) || point.Point.ToString().Sum(c => c) % 8 == 0;

    /// <summary>Every change of the world, of the slot and of a node's record; of the rest one in sixteen.</summary>
    private static bool IsChosenInTroubledGrid(ScriptPoint point)
    {
        var call = point.Point.Call;
        return IsEverythingAsked || call.ChangesWorld || call.IsSlot || (call.Changes && call.Text.StartsWith("patch kontenanodes", StringComparison.Ordinal)) || point.Point.ToString().Sum(c => c) % 16 == 0;
    }

    private static async Task AssertAsync(Campaign campaign)
    {
        var result = await campaign.RunAsync(TestContext.CurrentContext.CancellationToken);
        results.Enqueue(result);
        TestContext.Out.WriteLine(result);
        Assert.That(result.Failures, Is.Empty, () => string.Join("\n\n", result.Failures));
    }
}
